"""
Quotations of other statutes, which span paragraphs in laws of amendment.

Marks are missing or stand twice in real texts, so that counting them is not enough: see `was_left_open`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENING: Final = "“„«"
_CLOSING: Final = "”»"
_ARTICLE = re.compile(r"Điều\s+(?P<number>\d{1,4})[a-zđ]?\s*[.:]")
_CLAUSE = re.compile(r"(?P<number>\d{1,3})[a-zđ]?\.\s")
_AMENDING = re.compile(
    r"(?P<number>\d{1,3})\.\s*(?:sửa đổi|bổ sung|bãi bỏ|thay|hủy bỏ|huỷ bỏ|bỏ)[\s,]"
    r".{0,100}?(?:khoản|điểm|điều|chương|mục|phụ lục|cụm từ|từ)\b",
    re.IGNORECASE,
)
_FARTHEST: Final = 300  # blocks that are looked at


@dataclass(slots=True)
class Quotation:
    """Whether the text that was read so far ends inside a quotation."""

    depth: int = 0  # unclosed “
    is_straight: bool = False  # inside straight quotes

    @property
    def is_open(self) -> bool:
        """Whether what follows is quoted."""
        return self.depth > 0 or self.is_straight

    def close(self) -> None:
        """Forget the quotation: it was never closed."""
        self.depth, self.is_straight = 0, False

    def read(self, words: str) -> None:
        """Read a paragraph."""
        more = sum(map(words.count, _OPENING)) - sum(map(words.count, _CLOSING))
        # Each paragraph of a long quotation may open anew, and only the last one close.
        again = more > 0 and words.startswith(tuple(_OPENING))
        self.depth = more if again else max(0, self.depth + more)
        if words.count('"') % 2:
            self.is_straight = _opens_last(words) or (not self.is_straight and words.startswith('"'))


def opens_quotation(words: str) -> bool:
    """Whether a paragraph begins with an opening quotation mark."""
    return words.startswith((*_OPENING, '"'))


def was_left_open(lines: Sequence[str], place: int, quotation: Quotation, *, article: int, clause: int) -> bool:
    """
    Whether an open quotation was never closed before the line at `place`.

    `article` and `clause` are the numbers of the parts that quote. The line is the next one of them if it amends, or if
    the quotation does not end behind it, or if what comes behind that end goes on from it.
    """
    mark, found = _CLAUSE, _AMENDING.match(lines[place])
    expected = clause + 1
    if found is None:
        mark, found = _ARTICLE, _ARTICLE.match(lines[place])
        expected = article + 1
    if found is None or int(found["number"]) != expected:
        return False
    ahead, end = replace(quotation), None
    for line in lines[place : place + _FARTHEST]:
        if end is None:
            ahead.read(line)
            end = line if not ahead.is_open else None
        elif following := mark.match(line):
            return int(following["number"]) > expected
        elif _ARTICLE.match(line):
            break
    return end is None or not end.rstrip(" .;,").endswith((*_CLOSING, '"'))


def _opens_last(words: str) -> bool:
    """Whether the last straight mark is an opening one: before a word, behind a space."""
    at = words.rindex('"')
    before, after = words[at - 1 : at], words[at + 1 : at + 2]
    return (not before or before.isspace() or before in "(:") and bool(after) and not after.isspace()
