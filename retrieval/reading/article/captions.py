"""
Captions: lines below pictures, with or without a credit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.language.sentence import split_sentences

if TYPE_CHECKING:
    from retrieval.reading.text.lines import Line

_PICTURE = (
    r"(?:(?:nguồn )?(?:ảnh|hình|đồ họa|đồ hoạ|infographics?|video|clip|photo|image)"
    r"(?: minh họa| minh hoạ| tư liệu)?)"
)
_CREDIT = re.compile(rf"(?:^|[.!?…,;\"”)(\[|-]\s*|\s){_PICTURE}\s*:\s*[^:]{{0,60}}$", re.IGNORECASE)
_BRACKETED = re.compile(rf"[(\[]{_PICTURE}\b[^()\[\]]{{0,60}}[)\]]\.?$", re.IGNORECASE)
_ILLUSTRATION = re.compile(r"(?:^|[.\s(])(?:ảnh|hình) minh (?:họa|hoạ)\b[^.]{0,40}[.)]?$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:bài|tin|thực hiện|text)\b.{0,12}\bảnh\s*:", re.IGNORECASE)
_SCENE = re.compile(
    r"^(?:quang cảnh|toàn cảnh|khung cảnh|một góc|hình ảnh|các đại biểu (?:dự|tham dự|chụp)|đại biểu (?:dự"
    r"|tham dự))\b"
    r"|\b(?:chụp ảnh (?:lưu niệm|chung)|phát biểu tại|phát biểu (?:chỉ đạo|khai mạc|kết luận)|\((?:bên "
    r"|ngồi |đứng )?(?:trái|phải|giữa)\)"
    r"|thứ (?:nhất|hai|ba|tư|năm) từ (?:trái|phải))",
    re.IGNORECASE,
)
_LONGEST = 350  # characters


def is_credited_caption(text: str) -> bool:
    """Whether a line credits its picture, as in "Quang cảnh hội nghị. Ảnh: TTXVN"."""
    # A paragraph that a caption was run into stays a paragraph.
    if len(text) > _LONGEST or _BYLINE.match(text) or len(split_sentences(text)) > 3:
        return False
    return any(rule.search(text) for rule in (_CREDIT, _BRACKETED, _ILLUSTRATION))


def is_plain_caption(line: Line, before: Line | None, after: Line | None) -> bool:
    """Whether an uncredited line is a caption: an unfinished line between paragraphs."""
    if before is None or after is None or not (before.is_prose and after.is_prose):
        return False
    if line.ends_sentence or len(line.text) > _LONGEST:
        return False
    return line.text.endswith(",") or bool(_SCENE.search(line.text) and line.text[-1] not in ":;")
