"""
The layouts of a PDF's pages, from the lines that the reader starts with.
"""

from __future__ import annotations

import ctypes
from itertools import groupby
from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.layout.page_layout import LayoutWord, PageLayout, Rectangle
from retrieval.reading.layout.picture import jpeg_of, scale_of
from retrieval.reading.pdf.characters import visual_lines
from retrieval.reading.pdf.form_fields import page_with_fields
from retrieval.reading.pdf.form_lines import with_fields
from retrieval.reading.pdf.legacy_font import legacy_fonts_of_pdf
from retrieval.reading.pdf.page import upright_page
from retrieval.reading.pdf.page_objects import objects_of_page
from retrieval.reading.pdf.reader import opened_pdf
from retrieval.reading.pdf.tables.cells import split_at_rules
from retrieval.reading.pdf.tables.grid import grids_of
from retrieval.reading.pdf.tables.rules import rules_of_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

    from retrieval.reading.pdf.characters import Character
    from retrieval.reading.pdf.form_fields import Fields
    from retrieval.reading.pdf.legacy_font import PdfLegacyFonts

_SMALLEST = 0.002  # share of the page: a smaller picture is a rule, a bullet or an ornament
_MOST_PICTURES = 200  # of a page
_MOST_NOTES = 200  # annotations of a page that are looked at


def page_count(data: bytes, source: str) -> int:
    """How many pages a PDF has."""
    with opened_pdf(data, source) as document:
        return len(document)


def pdf_layouts(data: bytes, source: str, numbers: Sequence[int]) -> Iterator[PageLayout]:
    """The layouts of pages, counted from 1, not drawn."""
    with opened_pdf(data, source) as document:
        legacy = legacy_fonts_of_pdf(document)
        for number in numbers:
            notes = _notes(document, number - 1)
            with page_with_fields(document, number - 1) as (page, fields):
                yield _layout(page, number, legacy, fields, notes)


def drawn_pages(data: bytes, source: str, numbers: Sequence[int], turns: dict[int, int]) -> dict[int, bytes]:
    """Pages as JPEG, from a fresh copy: reading takes form fields off; `turns`: degrees clockwise."""
    with opened_pdf(data, source) as document:
        return {number: jpeg_of(_drawn(document, number - 1), turns.get(number, 0)) for number in numbers}


def _drawn(document: PdfDocument, place: int) -> Image:
    with upright_page(document, place) as page:
        bitmap = page.render(scale=scale_of(*page.get_size()))
        image: Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return image


def _layout(
    page: PdfPage, number: int, legacy: PdfLegacyFonts, fields: Fields, notes: Sequence[Rectangle]
) -> PageLayout:
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        lines = tuple(
            words
            for line in _lines(page, textpage, legacy, fields)
            if (words := tuple(_words(textpage, line, width, height)))
        )
    finally:
        textpage.close()
    return PageLayout(number, width, height, lines, (*_pictures(page, width, height), *notes))


def _lines(page: PdfPage, textpage: Any, legacy: PdfLegacyFonts, fields: Fields) -> Iterator[list[Character]]:  # noqa: ANN401 - pypdfium2 has no types
    """The visual lines outside of tables, and those of each cell once."""
    lines = visual_lines(textpage, legacy)
    if fields.filled or fields.boxes:
        lines = with_fields(textpage, lines, fields)
    seen: set[int] = set()
    for part in split_at_rules(lines, grids_of(rules_of_page(page))):
        if isinstance(part, list):
            yield part
            continue
        for line in (line for cell in part.cells for line in cell.lines):
            if id(line) not in seen:  # a cell that extends over rows is in each of them
                seen.add(id(line))
                yield line


def _words(textpage: Any, line: Sequence[Character], width: float, height: float) -> Iterator[LayoutWord]:  # noqa: ANN401 - as above
    for is_space, group in groupby(line, lambda letter: letter.char.isspace()):
        letters = list(group)
        text = "" if is_space else in_one_line("".join(letter.char for letter in letters))
        if text:
            boxes = [textpage.get_charbox(letter.place) for letter in letters]
            yield LayoutWord(text, _around(boxes, width, height))


def _around(boxes: Sequence[tuple[float, float, float, float]], width: float, height: float) -> Rectangle:
    """The rectangle around boxes in points from the lower left, cut at the page's edges."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Rectangle(
        _share(min(lefts), width),
        1 - _share(max(tops), height),
        _share(max(rights), width),
        1 - _share(min(bottoms), height),
    )


def _share(value: float, whole: float) -> float:
    return min(1.0, max(0.0, value / max(1.0, whole)))


def _pictures(page: PdfPage, width: float, height: float) -> list[Rectangle]:
    from pypdfium2 import raw

    found: list[Rectangle] = []
    for shape, matrix in objects_of_page(page, frozenset({raw.FPDF_PAGEOBJ_IMAGE})):
        corners = [ctypes.c_float() for _ in range(4)]
        raw.FPDFPageObj_GetBounds(shape, *corners)
        left, bottom, right, top = (corner.value for corner in corners)
        (x0, y0), (x1, y1) = matrix.moved(left, bottom), matrix.moved(right, top)
        found.append(_around([(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))], width, height))
    return [each for each in found if area_of(each) >= _SMALLEST][:_MOST_PICTURES]


def _notes(document: PdfDocument, place: int) -> list[Rectangle]:
    """Text boxes and stamps that lie over the page, whose words no reader sees."""
    from pypdfium2 import raw

    page = document[place]
    width, height = page.get_size()
    found: list[Rectangle] = []
    if not page.get_rotation():
        left, bottom, *_ = page.get_bbox()
        for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
            note = raw.FPDFPage_GetAnnot(page, number)
            if raw.FPDFAnnot_GetSubtype(note) in (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP):
                area = raw.FS_RECTF()
                raw.FPDFAnnot_GetRect(note, area)
                box = (area.left - left, area.bottom - bottom, area.right - left, area.top - bottom)
                found.append(_around([box], width, height))
            raw.FPDFPage_CloseAnnot(note)
    page.close()
    return found


def area_of(place: Rectangle) -> float:
    """The share of the page that a rectangle covers."""
    return max(0.0, place.right - place.left) * max(0.0, place.bottom - place.top)
