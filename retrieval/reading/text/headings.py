"""
Headings of plain text: parts of a law, numbered or capital lines, crossheads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.reading.text.characters import CAPITAL

if TYPE_CHECKING:
    from retrieval.reading.text.lines import Line

ROMAN_LEVEL = 2
_LEVELS = {"phần": 2, "phụ lục": 2, "chương": 3, "mục": 4, "tiểu mục": 5, "điều": 6}
_PART = re.compile(
    r"(?P<kind>phần|phụ lục|chương|mục|tiểu mục|điều)\s+(?:thứ\s+\w+|[ivxlc]+|\d+[a-zđ]?)(?:\s*[.:–-].*"
    r"|\s+(?-i:[A-ZĐ]).*)?",
    re.IGNORECASE,
)
_BARE_PART = re.compile(r"(?:phần|chương|mục|tiểu mục|phụ lục)\s+(?:thứ\s+\w+|[ivxlc]+|\d+)[.:]?", re.IGNORECASE)
_ROMAN = re.compile(rf"(?:[IVX]{{1,5}}|[A-E])[.)/–-]\s*{CAPITAL}.*")
_CROSSHEAD = re.compile(rf"{CAPITAL}[^\d:;|]+[^\W\d_”\"’]")
_LONGEST = 150  # characters
_CLOSING = "\"”’'»)] "  # closing marks after the end of a sentence


def part_level(text: str) -> int:
    """
    The level of a heading of a part of a law; 0 if none.

    Example: "Chương I" -> 3, "Điều 5. Phạm vi" -> 6
    """
    found = _PART.fullmatch(text) if len(text) <= _LONGEST and "\n" not in text else None
    closed = text.rstrip(_CLOSING).endswith((*".;:,!?…",)) and not _is_numbered_only(text)
    return 0 if found is None or closed else _LEVELS[found["kind"].lower()]


def is_bare_part(text: str) -> bool:
    """Whether a line is a part's number alone, with its name on the next line."""
    return _BARE_PART.fullmatch(text) is not None


def is_roman_section(text: str) -> bool:
    """Whether a line opens with a Roman numeral or a capital: "II. NHIỆM VỤ"."""
    return _ROMAN.fullmatch(text) is not None


def is_capital(text: str) -> bool:
    """Whether a line is short and in capitals, like names of parts and offices."""
    return text.isupper() and len(text) <= _LONGEST


def heading_level(line: Line, before: Line | None, after: Line | None) -> int:
    """The heading level of a line, 0 for none; a heading has something below it."""
    if after is None or (line.ends_sentence and not _is_numbered_only(line.text)):
        return 0
    level = part_level(line.text)
    if level:
        return level if not part_level(after.text) or part_level(after.text) > level else 0
    if len(line.text) > _LONGEST or line.text[-1] in ".;:,":
        return 0
    if is_roman_section(line.text) or (is_capital(line.text) and _is_sentence_like(after)):
        return ROMAN_LEVEL
    return 3 if before is not None and _is_crosshead(line, before, after) else 0


def _is_numbered_only(text: str) -> bool:
    return re.fullmatch(r"(?:điều|chương|mục|phần)\s+(?:[ivxlc]+|\d+[a-z]?)[.:]", text, re.IGNORECASE) is not None


def _is_sentence_like(line: Line) -> bool:
    return line.is_prose or (len(line.text) >= 40 and not line.text.isupper())


def _is_crosshead(line: Line, before: Line, after: Line) -> bool:
    if not (before.is_prose and after.is_prose and len(line.text) <= 80):
        return False
    return len(line.words) >= 2 and _CROSSHEAD.fullmatch(line.text) is not None
