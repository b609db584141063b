"""
Read .ppt, PowerPoint's format of before 2007: a section for each slide, with its notes.

The text is read, not the looks: a table's cells are paragraphs, and legacy fonts are told by their letters. Hidden
slides are not read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line
from retrieval.reading.document import Unread
from retrieval.reading.office.ppt_records import slides_of
from retrieval.reading.text.legacy_decoder import LegacyDecoder
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content
    from retrieval.reading.office.ppt_records import Slide

_LEVEL = 2  # of a slide's heading


def read_old_presentation(data: bytes, source: str) -> Content:
    """Read a .ppt file."""
    slides = slides_of(data, source)
    shown = [(number, slide) for number, slide in enumerate(slides, 1) if not slide.is_hidden]
    decoder = LegacyDecoder(("", line) for _, slide in shown for line in _lines(slide))
    pieces = [piece for number, slide in shown for piece in _pieces(number, slide, decoder)]
    if not pieces:
        raise EmptyError(f"a document holds text, no slide of {source} does: fill it or remove it")
    content = content_of(pieces, Metadata(title=shortened(pieces[0].text)), origin=decoder.origin)
    hidden = (Unread("slide", page=number) for number, slide in enumerate(slides, 1) if slide.is_hidden)
    return replace(content, unread=tuple(hidden))


def _pieces(number: int, slide: Slide, decoder: LegacyDecoder) -> Iterator[Piece]:
    lines = [in_one_line(decoder.decode(line)) for text in (*slide.texts, *slide.notes) for line in text.split("\n")]
    title = in_one_line(" ".join(decoder.decode(line) for line in slide.title.split("\n")))
    lines = [line for line in lines if line]
    if title:
        yield Piece(title, kind="heading", level=_LEVEL, page=number, last_page=number)
    for line in lines:
        yield Piece(line, kind="paragraph", page=number, last_page=number)


def _lines(slide: Slide) -> Iterator[str]:
    for text in (slide.title, *slide.texts, *slide.notes):
        yield from text.split("\n")
