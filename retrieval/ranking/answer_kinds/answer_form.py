"""
Boosts passages that answer in the form in which the question asks.

"Đối ngoại quốc phòng là gì?" is answered by a sentence that begins "Đối ngoại quốc phòng là …", "Bộ trưởng Bộ X là ai?"
by a name beside that office, and "Nguyễn Văn An là ai?" by an office beside that name. All are exact, and rare in what
does not answer: of the development questions 5 have such a definition in their right paragraph, and one elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from retrieval.reading.article.byline import is_full_name
from retrieval.reading.text.characters import CAPITAL

# In log odds, set by hand, since the development sets have few: more than all that an exact answer may lack, such as
# being of the newest document.
ANSWER_FORM_BOOST = 6.0
_MARKS = re.compile(r"[?.!…\s]+$")
_NOW = r"(?:hiện nay|hiện tại|hiện thời|hiện giờ|bây giờ|đương nhiệm|mới nhất)"
_ASKS_DEFINITION = re.compile(
    r"(?P<of>.+?) (?:là gì|là ai|là cái gì|(?:có )?nghĩa là gì|được hiểu (?:là gì|như thế nào|thế nào|ra sao))"
    r"|(?:như )?thế nào (?:được |gọi |coi |hiểu )*là (?P<called>.+)"
    r"|(?:nêu )?(?:khái niệm|định nghĩa)(?: về| của)? (?P<notion>.+)",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:(?:phó |tổng )?(?:thủ tướng|chủ tịch|bí thư|giám đốc|chủ nhiệm|tổng biên tập|tư lệnh|chính ủy|chánh án|thư ký)"
    r"|(?:phó )?(?:hiệu|viện|cục|vụ|tổng cục|trung tâm|bộ|thứ|kế toán|tham mưu|công an|tổ|đội) trưởng"
    r"|(?:phó )?(?:trưởng|chánh) (?:phòng|ban|khoa|bộ môn|đoàn|văn phòng|thanh tra|cơ quan)|phó tổng giám đốc"
    r"|(?:phó )?viện trưởng|kế toán trưởng|hiệu phó|đại sứ|tổng thống|tổng thư ký)"
)
_ASKS_HOLDER = re.compile(
    rf"(?:{_NOW},? )?(?:ai|người nào) (?:(?:{_NOW}|đang|hiện|là|giữ|làm|đảm nhiệm|chức|vụ) )+"
    rf"(?P<held>{_OFFICE}(?!\w).*)"
    rf"|(?:(?:họ )?tên (?:của )?)?(?P<office>{_OFFICE}(?!\w).*?)(?: {_NOW})? (?:là ai|là người nào|tên (?:là )?gì)"
    rf"(?: {_NOW})?"
    rf"|(?:họ )?tên (?:của )?(?P<named>{_OFFICE}(?!\w).*?)(?: {_NOW})? là gì",
    re.IGNORECASE,
)
_ASKS_OFFICE = re.compile(
    r"(?:(?:đồng chí|ông|bà|anh|chị|(?:đại|thượng|trung|thiếu) (?:tướng|tá|úy)) )*(?P<person>\w+(?: \w+){1,3}?)"
    rf"(?: {_NOW})? (?:là ai|là gì|chức vụ (?:là )?gì"
    rf"|(?:đang |hiện )?(?:giữ|đảm nhiệm|làm|có) (?:chức vụ|chức|chức danh|vị trí) (?:gì|nào))(?: {_NOW})?",
    re.IGNORECASE,
)
_NAME = rf"{CAPITAL}\w*(?: {CAPITAL}\w*){{1,3}}(?!\w)"
_RANK = r"(?:(?:đồng chí|ông|bà|đại tướng|(?:thượng|trung|thiếu) tướng|GS|PGS|TS|ThS|BS)[., ]+)*"
_BELOW = r"(?i:(?<!phó )(?<!thứ )(?<!nguyên )(?<!cựu )(?<!quyền ))"


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """
    The form of the answer that a question asks for.

    `definition`, `holder` and `office`: what finds it in a passage; at most one of them is set.
    """

    definition: re.Pattern[str] | None = None
    holder: re.Pattern[str] | None = None
    office: re.Pattern[str] | None = None

    def boost(self, text: str) -> float:
        """The boost of a passage's text, in log odds."""
        return ANSWER_FORM_BOOST if self.find(text) else 0.0

    def find(self, text: str) -> tuple[int, int] | None:
        """(start, end) of the first place that has the form."""
        if pattern := self.definition or self.office:
            found = pattern.search(text)
            return found.span(found.lastgroup or 0) if found else None
        return next(self.holders(text), None)

    def holders(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of the names beside the office."""
        for match in self.holder.finditer(text) if self.holder else ():
            group = "after" if match["after"] else "before"
            if is_full_name(match[group]):
                yield match.span(group)


@lru_cache(maxsize=256)  # asked for each quote of an answer
def answer_form(question: str) -> AnswerForm:
    """
    The form of the answer to a question as understood.

    Nothing is set where it asks otherwise.

    Example: "Ai là giám đốc Trung tâm?" -> finds "Nguyễn Văn An" in "Giám đốc Trung tâm Nguyễn Văn An phát biểu"
    """
    text = _MARKS.sub("", question)
    if asked := _ASKS_HOLDER.fullmatch(text):
        office = asked["held"] or asked["office"] or asked["named"]
        return AnswerForm(holder=_holder(re.sub(rf" {_NOW}$", "", office, flags=re.IGNORECASE)))
    if (asked := _ASKS_OFFICE.fullmatch(text)) and is_full_name(asked["person"].title()):
        return AnswerForm(office=_office(asked["person"]))
    if asked := _ASKS_DEFINITION.fullmatch(text):
        return AnswerForm(definition=_definition(asked["of"] or asked["called"] or asked["notion"]))
    return AnswerForm()


def _definition(thing: str) -> re.Pattern[str]:
    """A sentence or a list item that begins with the thing and defines it."""
    return re.compile(_defining(thing, "thing"), re.IGNORECASE | re.MULTILINE)


def _defining(thing: str, group: str) -> str:
    begins = r"(?:^|[.!?;:…]\s)\s*(?:\(?(?:\d{1,3}|[a-zđ])[.)]\s*)?"
    aside = r"(?: \([^()]{1,120}\))?"
    says = r"(?:là|được hiểu là|có nghĩa là|nghĩa là)"
    return rf"{begins}[“\"']?(?P<{group}>{_words(thing)})[”\"']?{aside} {says}(?!\w)"


def _holder(office: str) -> re.Pattern[str]:
    """A name behind the office, or before it with the office as an apposition."""
    title = rf"{_BELOW}(?i:{_words(office)})(?!\w)"
    behind = rf"{title}[,:]? (?i:{_RANK})(?P<after>{_NAME})"
    before = rf"(?i:{_RANK})(?P<before>{_NAME}) ?[,(–-] ?(?:[^.;:()]{{0,80}}, )?{title}"
    return re.compile(f"{behind}|{before}")


def _office(person: str) -> re.Pattern[str]:
    """A person beside an office, or in a sentence that says who it is."""
    name = _words(person)
    behind = rf"(?P<first>{name}) ?[,(–-] ?(?:[^.;:()]{{0,80}}, )?{_OFFICE}(?!\w)"
    before = rf"{_OFFICE} [^,.;:()]{{0,80}}?(?P<last>{name})(?!\w)"
    return re.compile(f"{behind}|{before}|{_defining(person, 'thing')}", re.IGNORECASE | re.MULTILINE)


def _words(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))
