"""
Page images of a PDF on which a passage is highlighted.

Readers trust the highlight, so there is one only where the passage's lines are found beyond doubt and are visible. The
file is untrusted: this runs in the sandbox.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.errors import BrokenError
from retrieval.reading.pdf.form_fields import page_with_fields
from retrieval.reading.pdf.legacy_font import legacy_fonts_of_pdf
from retrieval.reading.pdf.lines import lines_with_boxes
from retrieval.reading.pdf.page import upright_page
from retrieval.reading.pdf.reader import opened_pdf
from retrieval.reading.pdf.text_location import locate_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

    from retrieval.reading.pdf.lines import Box, PdfLine

MAX_IMAGES: Final = 4  # images of one passage: its first pages
MAX_PIXELS: Final = 3_000_000  # per image: nine megabytes even if PNG cannot compress it
MAX_SIDE: Final = 4000  # pixels per side
MAX_ASPECT: Final = 20  # length to width; longer strips get a white margin
_SCALE = 150 / 72  # pixels per point: 150 dpi, enough for small print
_TINT = (255, 233, 112)  # multiplied with the page, so letters stay dark
_AROUND = 1.0  # points of margin around a highlight
_SEEN = 0.5  # smallest visible share of a line's box

_Rectangle = tuple[int, int, int, int]  # pixels: left, top, right, bottom


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A passage's text from the index and its first and last page, counted from 1."""

    words: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as PNG of at most MAX_PIXELS; `marked`: the passage is highlighted."""

    page: int
    png: bytes
    marked: bool


def draw_pages(data: bytes, source: str, request: PageRequest) -> list[PageImage]:
    """Draw the first pages of a passage: all highlighted, or none if not surely located."""
    with opened_pdf(data, source) as document:
        if not 1 <= request.first <= request.last <= len(document):
            raise BrokenError(
                f"a paragraph stands on pages that there are, {source} has {len(document)}, "
                f"not {request.first} to {request.last}: run `trichdan index --rebuild`"
            )
        boxes = _boxes(document, request)
        pages = sorted(boxes) or range(request.first, request.last + 1)
        drawn = _drawn(data, source, {number: boxes.get(number, ()) for number in pages[:MAX_IMAGES]})
        is_sure = bool(boxes) and all(each.all_visible for each in drawn.values())
        return [PageImage(number, each.png(marked=is_sure), is_sure) for number, each in drawn.items()]


def _drawn(data: bytes, source: str, boxes: Mapping[int, Sequence[Box]]) -> dict[int, _Rendering]:
    """Draw pages of a fresh copy: reading takes form fields off them."""
    drawn: dict[int, _Rendering] = {}
    with opened_pdf(data, source) as document:
        for number, found in boxes.items():
            with upright_page(document, number - 1) as page:
                drawn[number] = _Rendering.draw(page, found)
    return drawn


def _boxes(document: PdfDocument, request: PageRequest) -> Mapping[int, Sequence[Box]]:
    """The boxes of the passage's lines by page; {} if any is unknown."""
    legacy = legacy_fonts_of_pdf(document)
    found: list[tuple[PdfLine, Box | None]] = []
    for number in range(request.first, request.last + 1):
        with page_with_fields(document, number - 1) as (page, fields):
            found += lines_with_boxes(page, number, legacy, fields)
    boxes: dict[int, list[Box]] = {}
    for place in locate_text(request.words, [line for line, _ in found]):
        line, box = found[place]
        if box is None:
            return {}
        boxes.setdefault(line.page, []).append(box)
    return boxes


@dataclass(frozen=True, slots=True)
class _Rendering:
    """A page image and the rectangles to highlight."""

    image: Image
    marks: Sequence[_Rectangle]
    all_visible: bool  # whether every box is visible

    @classmethod
    def draw(cls, page: PdfPage, boxes: Sequence[Box]) -> _Rendering:
        bitmap = page.render(scale=_scale(*page.get_size()))
        place = bitmap.get_posconv(page)
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        whole = [
            _rectangle(
                place.to_bitmap(box.left - _AROUND, box.bottom - _AROUND),
                place.to_bitmap(box.right + _AROUND, box.top + _AROUND),
            )
            for box in boxes
        ]
        marks = [_clipped(each, *image.size) for each in whole]
        seen = all(_area(mark) >= _SEEN * _area(each) for mark, each in zip(marks, whole, strict=True))
        return cls(image, marks, all_visible=seen)

    def png(self, *, marked: bool) -> bytes:
        from PIL import Image, ImageChops, ImageDraw

        image = self.image
        if marked:
            tint = Image.new("RGB", image.size, "white")
            for left, top, right, bottom in self.marks:
                ImageDraw.Draw(tint).rectangle((left, top, right - 1, bottom - 1), fill=_TINT)
            image = ImageChops.multiply(image, tint)
        written = io.BytesIO()
        _widened(image).save(written, "PNG")
        return written.getvalue()


def _scale(width: float, height: float) -> float:
    """Pixels per point, reduced for large pages."""
    # 0.99: sides are rounded up to whole pixels and must stay within the limit.
    return min(_SCALE, 0.99 * math.sqrt(MAX_PIXELS / (width * height)), 0.99 * MAX_SIDE / max(width, height))


def _widened(image: Image) -> Image:
    """Pad a narrow strip with white to MAX_ASPECT."""
    from PIL import Image as Images

    least = -(-max(image.size) // MAX_ASPECT)
    if min(image.size) >= least:
        return image
    wide = Images.new("RGB", (max(image.width, least), max(image.height, least)), "white")
    wide.paste(image)
    return wide


def _rectangle(one: tuple[float, float], other: tuple[float, float]) -> _Rectangle:
    """The rectangle between two corners in any order, at least one pixel."""
    (left, right), (top, bottom) = sorted((round(one[0]), round(other[0]))), sorted((round(one[1]), round(other[1])))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _clipped(each: _Rectangle, width: int, height: int) -> _Rectangle:
    left, top, right, bottom = each
    return max(left, 0), max(top, 0), min(right, width), min(bottom, height)


def _area(each: _Rectangle) -> int:
    left, top, right, bottom = each
    return max(0, right - left) * max(0, bottom - top)
