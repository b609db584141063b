"""
Numbers and dates of a spreadsheet as a Vietnamese office sees them: 1.640.000, 12,5%, 05/03/2024.

A file stores 1640000 and "#,##0"; the separators, and the order of a short date, are those of the computer that shows
it. Formats: ECMA-376 part 1, 18.8.31. What a format does beyond digits, dates and words is left out.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<plain>.)', re.DOTALL)
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")
_DATE_PART = re.compile(r"y+|m+|d+|h+|s+|am/pm|a/p", re.IGNORECASE)
_SHORT_DATE = re.compile(r"^mm?[/-]dd?[/-]yy(?:yy)?(?![a-z])", re.IGNORECASE)  # format 14, as programs name it
_ASIDE = 0x10000
_MOST_DIGITS = 15  # that Excel keeps
_MOST_DECIMALS = 30


def shown_number(number: float, form: str) -> str:
    """
    A number in a format.

    Example: 1640000, "#,##0" -> "1.640.000"; 0.125, "0.0%" -> "12,5%"
    """
    sections = _sections(form)
    section = sections[_choice(number, len(sections))]
    pattern = "".join(char for char, is_literal in section if not is_literal)
    if section and not pattern.strip():
        return "".join(char for char, _ in section).strip()
    if not _DIGITS.search(pattern) or "/" in pattern or "E" in pattern.upper():
        return _general(number)
    # A section for negative numbers writes the sign itself, as brackets or as a literal.
    return _in_section(abs(number) if len(sections) > 1 else number, section, pattern)


def shown_date(moment: datetime, form: str) -> str:
    """
    A date in a format; the computer's own short date is Vietnamese.

    Example: 5 March 2024, "m/d/yy" -> "05/03/2024", "mm/yyyy" -> "03/2024"
    """
    section = _sections(_SHORT_DATE.sub("dd/mm/yyyy", form, count=1))[0]
    # Literals stand aside as private characters, so that their letters are no parts of the date.
    words = "".join(chr(_ASIDE + at) if is_literal else char for at, (char, is_literal) in enumerate(section))
    has_halves = re.search(r"am/pm|a/p", words, re.IGNORECASE) is not None
    shown = "".join(_date_parts(words, moment, twelve=has_halves))
    return "".join(section[ord(char) - _ASIDE][0] if ord(char) >= _ASIDE else char for char in shown).strip()


def _date_parts(form: str, moment: datetime, *, twelve: bool) -> Iterator[str]:
    place, before = 0, ""
    for found in _DATE_PART.finditer(form):
        yield form[place : found.start()]
        after = form[found.end() :].lstrip(":. ")[:1].lower()
        kind = found[0][0].lower()
        is_minute = kind == "m" and (before == "h" or after == "s")
        yield _date_part("n" if is_minute else kind, len(found[0]), moment, twelve=twelve)
        place, before = found.end(), kind
    yield form[place:]


def _date_part(kind: str, length: int, moment: datetime, *, twelve: bool) -> str:
    if kind == "y":
        return f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}"
    if kind == "a":
        return "CH" if moment.hour >= 12 else "SA"
    hour = (moment.hour + 11) % 12 + 1 if twelve else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[kind]
    return f"{number:0{2 if length > 1 else 1}}"


def _sections(form: str) -> list[list[tuple[str, bool]]]:
    """The characters of each section, and whether they are literals."""
    sections: list[list[tuple[str, bool]]] = [[]]
    for token in _TOKEN.finditer(form):
        literal = token["quoted"] if token["quoted"] is not None else token["escaped"]
        if literal is not None:
            sections[-1].extend((char, True) for char in literal)
        elif token["plain"] == ";":
            sections.append([])
        elif token["plain"]:
            sections[-1].append((token["plain"], False))
    return sections


def _choice(number: float, count: int) -> int:
    if number < 0 and count > 1:
        return 1
    return 2 if number == 0 and count > 2 else 0


def _in_section(number: float, section: list[tuple[str, bool]], pattern: str) -> str:
    digits = _DIGITS.search(pattern)
    form = digits[0] if digits else ""
    scale = len(form.partition(".")[0]) - len(form.partition(".")[0].rstrip(","))
    value = Decimal(repr(number)) * (100 if "%" in pattern else 1) / 1000**scale
    words, is_written = "", False
    place = digits.span() if digits else (0, 0)
    index = 0
    for char, is_literal in section:
        inside = not is_literal and place[0] <= index < place[1]
        if inside and not is_written:
            words, is_written = words + _digits(value, form), True
        elif not inside and (is_literal or char not in "#0?,."):
            words += char
        index += not is_literal
    return words.strip()


def _digits(value: Decimal, form: str) -> str:
    whole, _, decimals = form.partition(".")
    most, fewest = min(len(decimals), _MOST_DECIMALS), min(decimals.count("0"), _MOST_DECIMALS)
    rounded = value.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP) if abs(value) < 10**20 else value
    left, _, right = f"{abs(rounded):f}".partition(".")
    while len(right) > fewest and right.endswith("0"):
        right = right[:-1]
    left = left.lstrip("0").zfill(min(whole.count("0"), _MOST_DECIMALS))
    if "," in whole.rstrip(","):
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ".", left)
    sign = "-" if rounded < 0 else ""  # and none before what is rounded to zero
    return sign + left + (f",{right}" if right else "")


def _general(number: float) -> str:
    """Without a format: as many digits as Excel keeps, none of them from binary rounding."""
    if number == int(number) and abs(number) < 10**_MOST_DIGITS:
        return str(int(number))
    return f"{number:.{_MOST_DIGITS}g}".replace(".", ",")
