"""
English dates ("29 July 2022", "April 14th") and their Vietnamese wordings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.span import without_overlaps

_MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
# "may" and "march" are verbs too, so a month counts only beside a day or a year.
_NAMES = "|".join(["sept", *(rf"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)])
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = rf"(?P<month>{_NAMES})\b\.?"
_FORMS = tuple(
    re.compile(rf"\b{form}\b", re.IGNORECASE)
    for form in (
        rf"{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?",
        rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
        rf"{_MONTH},?\s+{_YEAR}",
    )
)


@dataclass(frozen=True, slots=True)
class EnglishDate:
    """A date in the question and its Vietnamese wordings."""

    start: int
    end: int
    typed: str
    vietnamese: tuple[str, ...]


def english_dates(text: str) -> list[EnglishDate]:
    """
    The dates in a text, without overlaps.

    Example: "on 14 April" -> "14 April": "ngày 14 tháng 4", "14/4"
    """
    matches = (match for form in _FORMS for match in form.finditer(text))
    return without_overlaps(EnglishDate(*m.span(), m[0], _vietnamese(m.groupdict())) for m in matches)


def _vietnamese(parts: dict[str, str | None]) -> tuple[str, ...]:
    """The Vietnamese date, in words and in digits."""
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(str(parts["month"]).lower()[:3]))
    day, year = parts.get("day"), parts.get("year")
    words = [f"ngày {day}" if day else "", f"tháng {month}", f"năm {year}" if year else ""]
    return " ".join(word for word in words if word), "/".join(part for part in (day, str(month), year) if part)
