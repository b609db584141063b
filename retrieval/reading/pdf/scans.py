"""
Scanned pages: pictures as wide as the page, with no good text.

A watermark on every page and the stamp of an electronic signature are no text of a page.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.reading.pdf.page_objects import objects_of_page
from retrieval.reading.pdf.stamps import split_stamps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdfium2 import PdfPage

    from retrieval.reading.document import Origin
    from retrieval.reading.pdf.lines import PdfLine
    from retrieval.reading.pdf.page_objects import Matrix

_COVERED = 0.6  # smallest share of a page that pictures cover
_FEW = 100  # letters: fewer are a caption, not the text of a page
_SPARSE = 1000  # letters: with more a page is looked at for a picture only if they are invisible
_DRAWN = 15  # letters: with fewer a page may show its text as drawn shapes
_REPEATED = 0.5  # smallest share of the pages on which a watermark stands
_INVISIBLE = 3  # text rendering mode of OCR layers
_WORDS = 0.8  # smallest share of words that are Vietnamese syllables or English words
_MARKED = 0.3  # share of Vietnamese words with a letter beyond ASCII; a good text has 0.7
_FUNCTION_WORDS = frozenset(
    "the of and to in for is on with that by as be are this or from at shall not an it which".split()
)
_COMMON = 0.12  # smallest share of them in English
_FEWEST = 20  # words that a language is told by
_SAMPLE = 200  # text objects that are looked at
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's lines, and whether they are a layer over or under a scanned picture."""

    lines: list[PdfLine]
    is_picture: bool = False
    is_layer: bool = False  # recognised by a program before
    unread_fields: int = 0  # of a form


def sheet_of(page: PdfPage, lines: list[PdfLine], *, unread_fields: int = 0) -> Sheet:
    """Look for a picture that covers a page, unless its letters are many."""
    is_hidden = _is_invisible(page)
    if sum(len(line.text) for line in lines) > _SPARSE and not is_hidden:
        return Sheet(lines, unread_fields=unread_fields)
    is_picture, is_over = _picture(page)
    is_layer = is_picture and bool(lines) and (is_hidden or is_over)
    return Sheet(lines, is_picture, is_layer, unread_fields)


def scanned_pages(sheets: Sequence[Sheet]) -> frozenset[int]:
    """The indexes of the pages whose text must be recognised."""
    repeated = _repeated(sheets)
    return frozenset(
        number
        for number, sheet in enumerate(sheets)
        if sheet.is_picture
        and (_letters(own_lines(sheet, repeated)) < _FEW or (sheet.is_layer and not is_language(sheet.lines)))
    )


def pages_to_recognise(sheets: Sequence[Sheet]) -> frozenset[int]:
    """The scanned pages; if no picture is found, those without letters, which may be drawn."""
    bare = frozenset(number for number, sheet in enumerate(sheets) if _letters(sheet.lines) < _DRAWN)
    return scanned_pages(sheets) or bare


def lines_beside_scans(sheets: Sequence[Sheet], scanned: frozenset[int]) -> list[PdfLine]:
    """The lines of all pages, without watermarks, stamps and bad layers on the scanned ones."""
    repeated = _repeated(sheets)
    return [
        line
        for number, sheet in enumerate(sheets)
        if number not in scanned or not sheet.is_layer
        for line in (own_lines(sheet, repeated) if number in scanned else sheet.lines)
    ]


def origin_of(sheets: Sequence[Sheet], scanned: frozenset[int]) -> Origin:
    """Whether the text that is kept was recognised by another program."""
    return "ocr" if any(sheet.is_layer for number, sheet in enumerate(sheets) if number not in scanned) else ""


def own_lines(sheet: Sheet, repeated: frozenset[str]) -> list[PdfLine]:
    """A page's lines without watermarks and stamps."""
    return [line for line in split_stamps(sheet.lines)[0] if _key(line) not in repeated]


def is_language(lines: Sequence[PdfLine]) -> bool:
    """Whether words are Vietnamese with its marks, English, or too few to tell."""
    words = [word.lower() for line in lines for word in _WORD.findall(line.text)]
    if len(words) < _FEWEST:
        return True
    if sum(word in _FUNCTION_WORDS for word in words) >= _COMMON * len(words):
        return True
    marked = sum(not word.isascii() for word in words)
    return marked >= _MARKED * len(words) and sum(is_syllable(fold(word)) for word in words) >= _WORDS * len(words)


def _repeated(sheets: Sequence[Sheet]) -> frozenset[str]:
    counts = Counter(key for sheet in sheets for key in {_key(line) for line in sheet.lines})
    return frozenset(key for key, count in counts.items() if count >= max(2, _REPEATED * len(sheets)))


def _key(line: PdfLine) -> str:
    return re.sub(r"\d+", "0", line.text.casefold())


def _letters(lines: Sequence[PdfLine]) -> int:
    return sum(char.isalnum() for line in lines for char in line.text)


def _is_invisible(page: PdfPage) -> bool:
    """Whether most of a page's text leaves no ink."""
    from pypdfium2 import raw

    texts = islice(objects_of_page(page, frozenset({raw.FPDF_PAGEOBJ_TEXT})), _SAMPLE)
    modes = Counter(raw.FPDFTextObj_GetTextRenderMode(shape) for shape, _ in texts)
    return modes[_INVISIBLE] > sum(modes.values()) / 2


def _picture(page: PdfPage) -> tuple[bool, bool]:
    """Whether pictures cover the page, and whether they lie over all of its text."""
    from pypdfium2 import raw

    kinds = frozenset({raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_TEXT})
    width, height = page.get_size()
    covered = 0.0
    is_over = False
    for shape, matrix in objects_of_page(page, kinds):
        is_text = raw.FPDFPageObj_GetType(shape) == raw.FPDF_PAGEOBJ_TEXT
        area = 0.0 if is_text else _area(shape, matrix, width, height)
        is_over = not is_text and (is_over or (area >= _COVERED and not raw.FPDFPageObj_HasTransparency(shape)))
        covered += area
    return covered >= _COVERED, is_over


def _area(image: Any, matrix: Matrix, width: float, height: float) -> float:  # noqa: ANN401 - pdfium has no types
    """The share of the page that an image covers."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(image, left, bottom, right, top)
    (x0, y0), (x1, y1) = matrix.moved(left.value, bottom.value), matrix.moved(right.value, top.value)
    across = min(max(x0, x1), width) - max(min(x0, x1), 0.0)
    down = min(max(y0, y1), height) - max(min(y0, y1), 0.0)
    return max(0.0, across) * max(0.0, down) / max(1.0, width * height)
