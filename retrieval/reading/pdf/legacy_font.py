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
from retrieval.reading.text.legacy_decoder import LegacyDecoder
from retrieval.reading.text.legacy_font import detect_legacy_font, is_unicode, unify_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pypdfium2 import PdfDocument

    from retrieval.reading.document import Origin
    from retrieval.reading.text.legacy_font import LegacyFont

_SAMPLE = 30  # pages, evenly spread, that are sampled for detection
_SOFT = "\u00ad"
# What Acrobat Distiller calls the glyphs at some codes, and those codes; beside a letter they are letters.
_RENAMED = {"\u2212": _SOFT, "\u2219": "\u00b7", "\u03bc": "\u00b5", "\u02c9": "\u00af"}
_SUBSET = re.compile(r"^(?:[A-Z]{6}\+)?\.?(?=Vn[A-Z])")
_STYLE = re.compile(r"(?:[-, ]?(?:Bold|Italic|Oblique|Regular))+$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")


class PdfLegacyFonts:
    """
    The legacy fonts of one PDF: one for all lines, or one each.

    Args:
        lines: raw lines of the document, or of a sample of its pages.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        lines = list(lines)
        self._only = detect_legacy_font(lines)
        # Files that were put together from others: each line is decided by its letters.
        self._decoder = LegacyDecoder(("", line) for line in lines if self._only is None)

    @property
    def origin(self) -> Origin:
        """The most frequent legacy font; "" if there is none."""
        return self._only.origin if self._only else self._decoder.origin

    def font_of(self, line: str) -> LegacyFont | None:
        """The legacy font of a line, None if it stays as it is."""
        return self._only or self._decoder.font_of(line)

    def decode_title(self, title: str) -> str:
        """A title among the properties, in Unicode."""
        if self._only is None:
            return self._decoder.decode_any(title)
        return self._only.to_unicode(title) if self._only.applies_to(title) else title


def legacy_fonts_of_pdf(document: PdfDocument) -> PdfLegacyFonts:
    """The legacy fonts that a document certainly uses."""
    pages = len(document)
    step = max(1, -(-pages // _SAMPLE))
    return PdfLegacyFonts(line for number in range(0, pages, step) for line in _raw_lines(document, number))


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


def as_it_is(line: str) -> list[tuple[str, int]]:
    """The characters of a line that is in no legacy font, each with its index."""
    return [("-" if char == _SOFT and place + 1 < len(line) else char, place) for place, char in enumerate(line)]


def _part(line: str, places: list[int], legacy: LegacyFont, *, converts: bool) -> Iterator[tuple[str, int]]:
    first, words = places[0], line[places[0] : places[-1] + 1]
    found = _converted(words, legacy) if converts else as_it_is(words)
    yield from ((char, first + place) for char, place in found)


def _converted(line: str, legacy: LegacyFont) -> list[tuple[str, int]]:
    if not legacy.applies_to(line):
        return as_it_is(line)
    letters = list(_letters(line.removesuffix(_SOFT), legacy))
    if line.endswith(_SOFT):
        letters.append((_at_end("".join(char for char, _ in letters), legacy), len(line) - 1))
    words = unify_case("".join(char for char, _ in letters))
    return [(char, place) for char, (_, place) in zip(words, letters, strict=True)]


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
