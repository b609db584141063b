"""
Datelines: the line that says when, and perhaps by whom, an article was published.

A dateline differs from a sentence with a date by what is left without dates, times and labels: nothing but a publisher,
an author or a counter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from retrieval.reading.article.byline import is_full_name
from retrieval.reading.article.publisher import is_publisher

_VI_WORDS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_EN_WORDS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {
    **{word: month for words in (_VI_WORDS, _EN_WORDS) for month, word in enumerate(words, 1)},
    "giêng": 1,
    "bốn": 4,
    "chạp": 12,
}
_VI_MONTH = r"(?P<m>mười một|mười hai|giêng|chạp|\w+)"
_EN_MONTH = r"(?P<m>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d/.-])(?P<d>\d{1,2})(?P<s>\s?[/.-]\s?)(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})(?![\d/-])",
        r"(?<![\d/.-])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)",
        rf"\b(?P<d>\d{{1,2}})\s+tháng\s+{_VI_MONTH},?(?:\s+năm)?\s+(?P<y>\d{{4}})\b",
        rf"\btháng\s+{_VI_MONTH}\s+(?P<d>\d{{1,2}}),\s*(?P<y>\d{{4}})\b",
        rf"\b{_EN_MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b",
        rf"\b(?P<d>\d{{1,2}})\s+{_EN_MONTH},?\s+(?P<y>\d{{4}})\b",
    )
)
_LABEL = re.compile(
    r"^(?:cập nhật(?: lần cuối)?(?: lúc| ngày)?|(?:ngày|thời gian|giờ) (?:đăng|cập nhật|xuất bản|tạo|viết)"
    r"|đăng(?: tải)?(?: lúc| ngày| vào)?|xuất bản(?: lúc| ngày)?|(?:last )?updated(?: on)?|published(?: on)?"
    r"|posted(?: on)?)\s*(?:[:,|-]\s*)?(?=\d|thứ |chủ nhật|ngày |lúc |tháng |[a-z]+ \d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b\d{1,2}\s?[:hg]\s?\d{2}(?::\d{2})?(?:\s?[ap]m\b)?|\b\d{1,2} giờ(?: \d{1,2}(?: phút)?)?"
    r"|\(?\b(?:GMT|UTC)\s?[+-]\s?\d{1,2}(?::\d{2})?\)?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|CN|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"(?:số )?lượt (?:xem|đọc)\s*:?\s*[\d.,]+|[\d.,]+ (?:lượt (?:xem|đọc)|views?)", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:ngày|lúc|at|on)\b\s*:?", re.IGNORECASE)
_PLACED = re.compile(r"(?:^|\s)[A-ZĐ][\w. ]{1,30},\s*ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}$")
_SEPARATORS = " \t\u00a0-–—|•·,:;()[]/"


@dataclass(frozen=True, slots=True)
class Dateline:
    """A parsed dateline; `labelled`: with "Cập nhật" or the like, `bare`: only a date."""

    published: date
    publisher: str = ""
    author: str = ""
    labelled: bool = False
    bare: bool = False


def dateline_of(text: str) -> Dateline | None:
    """Parse a line as a dateline; None if it is something else."""
    is_short = len(text) <= 160 and place_date_of(text) is None
    published = date_in(text) if is_short else None
    if published is None:
        return None
    rest, labelled = _LABEL.subn("", text)
    rest, timed = _CLOCK.subn(" ", _without_dates(rest))
    rest, weekday = _WEEKDAY.subn(" ", rest)
    rest, counted = _COUNTER.subn(" ", rest)
    rest = _FILLER.sub(" ", rest).strip(_SEPARATORS)
    if is_publisher(rest):
        return Dateline(published, publisher=rest, labelled=bool(labelled))
    if is_full_name(rest):
        return Dateline(published, author=rest, labelled=bool(labelled))
    bare = not (labelled or timed or weekday or counted)
    return None if rest else Dateline(published, labelled=bool(labelled), bare=bare)


def date_in(text: str) -> date | None:
    """The only valid calendar date in a text; None if there are several."""
    found = {_date_of(match) for pattern in _DATES for match in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None


def place_date_of(text: str) -> date | None:
    """The date in an official "Hà Nội, ngày 31 tháng 12 năm 2013"."""
    return date_in(text) if len(text) <= 120 and _PLACED.search(text) else None


def _without_dates(text: str) -> str:
    for pattern in _DATES:
        text = pattern.sub(" ", text)
    return text


def _date_of(match: re.Match[str]) -> date | None:
    word = match["m"].lower()
    month = int(word) if word.isdecimal() else _MONTHS.get(word) or _MONTHS.get(word[:3], 0)
    try:
        return date(int(match["y"]), month, int(match["d"]))
    except ValueError:
        return None
