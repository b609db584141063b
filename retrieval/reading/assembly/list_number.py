"""
Numbers of list items in the formats of word processors and browsers.
"""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LAST_LETTERS = 780  # "zz…z" of thirty letters, where Word stops too


def format_number(count: int, form: str) -> str:
    """
    Format a count in one of Word's number formats.

    Example: (4, "upperRoman") -> "IV", (5, "lowerLetter") -> "e"
    """
    if form == "decimalZero":
        return f"{count:02}"
    if form in ("lowerRoman", "upperRoman") and count < 4000:
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    if form in ("lowerLetter", "upperLetter") and 0 < count <= _LAST_LETTERS:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(count)


def _roman(count: int) -> str:
    written_ = ""
    for worth, letters in (*_ROMAN, *_ROMAN_ONES):
        times, count = divmod(count, worth)
        written_ += letters * times
    return written_
