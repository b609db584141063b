"""
The layouts of a file's pages: its own words, or those that were recognised.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from retrieval.reading.layout.page_layout import FileLayout, LayoutWord, PageLayout, Rectangle
from retrieval.reading.layout.pdf_layout import drawn_pages, page_count, pdf_layouts
from retrieval.reading.layout.picture import jpeg_of
from retrieval.reading.layout.source_text import source_lines
from retrieval.reading.pdf.ocr import is_legible, words_of_table
from retrieval.reading.pdf.pictures import frame_count, is_picture_file, pictures_of_file
from retrieval.reading.signature import suffix_of_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.layout.page_layout import LayoutRequest
    from retrieval.reading.pdf.ocr import RecognisedPage, Recognition


_LINE = 12  # words
_NOWHERE = Rectangle(0.0, 0.0, 0.0, 0.0)


def layout_of_file(data: bytes, source: str, request: LayoutRequest, recognition: Recognition) -> FileLayout:
    """
    The layouts of the pages that there are.

    In a format without pages there is at most one, number 0: all words of the file that can be told, without places.
    """
    if is_picture_file(source):
        count = frame_count(data, source)
        return FileLayout(count, _frames(data, source, request, recognition, _numbers(request, count)))
    suffix = suffix_of_content(data, PurePath(source).suffix.lower())
    if suffix != ".pdf":
        lines = source_lines(data, source, suffix)
        return FileLayout(0, (_without_places(lines),) if lines else ())
    count = page_count(data, source)
    numbers = _numbers(request, count)
    pages = recognition.pages
    turns = {number: page.turned for number, page in pages.items()}
    images = drawn_pages(data, source, numbers, turns) if request.draws else {}
    layouts = (_recognised(each, pages.get(each.number)) for each in pdf_layouts(data, source, numbers))
    return FileLayout(count, tuple(replace(each, image=images.get(each.number, b"")) for each in layouts))


def _without_places(lines: Sequence[str]) -> PageLayout:
    """The words of a file without pages, in lines as short as a page's."""
    words = [line.split() for line in lines]
    parts = [line[start : start + _LINE] for line in words for start in range(0, len(line), _LINE)]
    return PageLayout(0, 0.0, 0.0, tuple(tuple(LayoutWord(word, _NOWHERE) for word in part) for part in parts))


def _numbers(request: LayoutRequest, count: int) -> list[int]:
    return list(range(max(1, request.first), min(request.last, count) + 1))


def _frames(
    data: bytes, source: str, request: LayoutRequest, recognition: Recognition, numbers: Sequence[int]
) -> tuple[PageLayout, ...]:
    from PIL import Image

    found: list[PageLayout] = []
    for place, picture in pictures_of_file(data, source, [number - 1 for number in numbers]):
        rows, columns = picture.pixels.shape
        layout = PageLayout(place + 1, columns / picture.scale, rows / picture.scale, ())
        page = recognition.pages.get(place + 1)
        image = jpeg_of(Image.fromarray(picture.pixels), page.turned if page else 0) if request.draws else b""
        found.append(replace(_recognised(layout, page), image=image))
    return tuple(found)


def _recognised(layout: PageLayout, page: RecognisedPage | None) -> PageLayout:
    """The layout with recognised words in place of its own, if they are read."""
    words = words_of_table(page.table) if page else []
    if page is None or not words or not is_legible(words):
        return layout
    width, height = page.size
    whole = [
        [
            LayoutWord(
                word.text,
                _within(word.left / width, word.top / height, word.width / width, word.height / height),
            )
            for word in line
        ]
        for _, line in groupby(words, lambda word: word.line)
    ]
    points = (layout.height, layout.width) if page.turned in (90, 270) else (layout.width, layout.height)
    return replace(layout, width=points[0], height=points[1], lines=tuple(map(tuple, whole)), pictures=())


def _within(left: float, top: float, width: float, height: float) -> Rectangle:
    return Rectangle(left, top, min(1.0, left + width), min(1.0, top + height))
