"""
Convert the legacy fonts of a PDF to Unicode, keeping character positions.

What pdfium takes for a hyphen is the letter "ư" in TCVN3, the most frequent of all.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.reading.text.legacy_font import detect_legacy_font, is_unicode, unify_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdfium2 import PdfDocument

    from retrieval.reading.text.legacy_font import LegacyFont

_SAMPLE = 30  # pages, evenly spread, that are sampled for detection
_SOFT = "\u00ad"
# What Acrobat Distiller calls the glyphs at some codes, and those codes; beside a letter they are letters.
_RENAMED = {"\u2212": _SOFT, "\u2219": "\u00b7", "\u03bc": "\u00b5", "\u02c9": "\u00af"}
_SUBSET = re.compile(r"^(?:[A-Z]{6}\+)?\.?(?=Vn[A-Z])")
_STYLE = re.compile(r"(?:[-, ]?(?:Bold|Italic|Oblique|Regular))+$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")


def detect_legacy_font_of_pdf(document: PdfDocument) -> LegacyFont | None:
    """The legacy font that a document certainly uses, None if there is none."""
    pages = len(document)
    return detect_legacy_font(
        line for number in range(0, pages, -(-pages // _SAMPLE)) for line in _raw_lines(document, number)
    )


def plain_font_name(font: str) -> str:
    """
    A font's name without its style, and with the dot that Distiller drops.

    Example: "FBHPFN+VnTimeHBold" -> ".VnTimeH"
    """
    return _STYLE.sub("", _SUBSET.sub(".", font))


def convert_pdf_line(line: str, legacy: LegacyFont, is_legacy: Callable[[int], bool]) -> list[tuple[str, int]]:
    """
    The characters of a line in Unicode, each with its index in the input.

    `is_legacy`: whether the character at an index is in a font of this kind by name; asked where fonts are mixed.
    """
    if not is_unicode(line):
        return _converted(line, legacy)
    parts = groupby(range(len(line)), is_legacy)
    return [letter for converts, places in parts for letter in _part(line, list(places), legacy, converts=converts)]


def _part(line: str, places: list[int], legacy: LegacyFont, *, converts: bool) -> Iterator[tuple[str, int]]:
    first, words = places[0], line[places[0] : places[-1] + 1]
    found = _converted(words, legacy) if converts else _as_they_are(words)
    yield from ((char, first + place) for char, place in found)


def _converted(line: str, legacy: LegacyFont) -> list[tuple[str, int]]:
    if not legacy.applies_to(line):
        return _as_they_are(line)
    letters = list(_letters(line.removesuffix(_SOFT), legacy))
    if line.endswith(_SOFT):
        letters.append((_at_end("".join(char for char, _ in letters), legacy), len(line) - 1))
    words = unify_case("".join(char for char, _ in letters))
    return [(char, place) for char, (_, place) in zip(words, letters, strict=True)]


def _as_they_are(line: str) -> list[tuple[str, int]]:
    return [("-" if char == _SOFT and place + 1 < len(line) else char, place) for place, char in enumerate(line)]


def _raw_lines(document: PdfDocument, number: int) -> list[str]:
    page = document[number]
    letters = page.get_textpage()
    try:
        return str(letters.get_text_range()).splitlines()
    finally:
        letters.close()
        page.close()


def _letters(line: str, legacy: LegacyFont) -> Iterator[tuple[str, int]]:
    """Yield letters with their index; for two characters, that of the first."""
    line = "".join(_code(line, place, legacy) for place in range(len(line)))
    place = 0
    while place < len(line):
        unit = legacy.unit.match(line, place)
        yield (legacy.letters[unit[0]] if unit else line[place]), place
        place = unit.end() if unit else place + 1


def _code(line: str, place: int, legacy: LegacyFont) -> str:
    """The character at a place as the legacy font has it."""
    beside = line[max(0, place - 1) : place] + line[place + 1 : place + 2]
    code = _RENAMED.get(line[place], "")
    is_letter = code in legacy.letters and any(char.isalpha() or char in legacy.letters for char in beside)
    return code if is_letter else line[place]


def _at_end(words: str, legacy: LegacyFont) -> str:
    """A final hyphen follows a syllable, the letter "ư" completes one: "kinh tế-", "nh­"."""
    letter = legacy.letters.get(_SOFT, "")
    word = _LAST_WORD.search(words)
    bare = fold(word[0]) if word else ""
    return letter if letter and is_syllable(bare + fold(letter)) and not is_syllable(bare) else _SOFT
