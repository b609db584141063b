"""
Questions that documents answer, made from their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retrieval import Passage

_LONGEST = 80  # characters
# A sentence that defines: up to eight words, none of which ends a clause, then "là". A pronoun defines nothing.
_DEFINES = re.compile(
    r"(?:\d{1,2}[.)] )?[“\"]?(?P<thing>[^\W\d_][\w/-]*(?: [\w/-]+){1,7})[”\"]?(?: \([^()]*\))? là "
    r"(?!một trong|của |do |nhờ |vì |để |nhằm )"
)
_POINTING = re.compile(
    r"(?:đây|đó|điều|việc|ngày|năm|tháng|trong|tại|theo|khi|nếu|với|vì|do|để|sau|trước|từ|hiện|đến|tuy|nhưng|cùng|có"
    r"|các anh|chúng|nhiệm vụ|mục tiêu)\b|.*\b(?:này|đó|ấy|đã|sẽ|đang|được|phải|cũng|chính|vẫn|còn)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?P<lead>[^\W\d_][^,.;:()\n]{4,60}? có) (?:hơn |gần |khoảng |tối đa |tối thiểu )?\d[\d.]* (?P<unit>[^\W\d_]+)"
)
_DATES = re.compile(r"(?P<lead>[^\W\d_][^,.;:()\n]{4,60}? (?:(?:trước|vào|từ|đến|kể từ) )?ngày) \d")
# As reports begin: "Sáng 14-4, tại Hà Nội, Bộ Quốc phòng tổ chức Hội nghị …".
_HELD = re.compile(
    r"(?:(?:Sáng|Chiều|Tối|Ngày|Vừa qua)(?: ngày)? ?[\d/.-]*, )(?:(?:tại|ở) [^,]{2,40}, )?(?P<who>[^,.;]{3,40}?)"
    r" (?:đã )?tổ chức (?P<what>[^,.;()]{6,70}?)(?= giai đoạn| năm | do | với | nhằm | và |[,.;(])"
)
_ARTICLE = re.compile(r"Điều \d+[a-zđ]?[.:] (?P<name>.+)")


def example_questions(passages: Iterable[Passage], *, ruled: str) -> Iterator[str]:
    """
    Questions that a document's passages may answer.

    Args:
        ruled: a question about an article by its name, with {name}.

    Example: "Báo cáo năm được nộp trước ngày 31 tháng 01." -> "Báo cáo năm được nộp trước ngày nào?"
    """
    seen: set[str] = set()
    for passage in passages:
        for question in _questions(passage, ruled):
            if question not in seen and len(question) <= _LONGEST:
                seen.add(question)
                yield question


def _questions(passage: Passage, ruled: str) -> Iterator[str]:
    text = passage.text if passage.kind == "paragraph" else ""
    if (defined := _DEFINES.match(text)) and not _POINTING.match(defined["thing"]):
        yield f"{defined['thing']} là gì?"
    if counts := _COUNTS.match(text):
        yield f"{counts['lead']} bao nhiêu {counts['unit']}?"
    if held := _HELD.match(text):
        yield f"{held['who']} tổ chức {held['what']} khi nào?"
    if dates := _DATES.match(text):
        yield f"{dates['lead']} nào?"
    article = _ARTICLE.match(passage.section.split(" › ")[-1])
    if article and article["name"][:1].isupper():
        name = article["name"].rstrip(".")
        yield ruled.format(name=name if name[1:2].isupper() else name[0].lower() + name[1:])
