"""
Read .pptx with python-pptx: a section for each slide, with its tables and notes.

Hidden slides are not read.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line
from retrieval.reading.assembly.merged_cells import Cell, rows_of_words
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.assembly.zip_parts import has_macros, open_parts
from retrieval.reading.document import Unread
from retrieval.reading.text.legacy_decoder import LegacyDecoder
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content

_LEVEL = 2  # of a slide's title
_MOST_GROUPS = 20  # shapes nested in one another


def read_presentation(data: bytes, source: str) -> Content:
    """Read a .pptx or .pptm file."""
    import pptx

    parts = open_parts(data, source)
    reader = _SlideReader(pptx.Presentation(io.BytesIO(data)))
    pieces = [piece for piece in reader.pieces() if piece.text.strip()]
    if not pieces:
        raise EmptyError(f"a document holds text, no slide of {source} does: fill it or remove it")
    content = content_of(pieces, Metadata(title=shortened(pieces[0].text)), origin=reader.origin)
    macros = [Unread("macro")] if has_macros(parts) else []
    return replace(content, unread=(*reader.unread, *macros))


class _SlideReader:
    """The visible slides of a presentation, their legacy fonts converted."""

    def __init__(self, presentation: Any) -> None:  # noqa: ANN401 - python-pptx publishes no types
        slides = list(enumerate(presentation.slides, 1))
        self._visible = [(number, slide) for number, slide in slides if slide._element.get("show") != "0"]  # noqa: SLF001 - not offered otherwise
        self._decoder = LegacyDecoder(run for _, slide in self._visible for run in _runs_of_slide(slide))
        self.origin = self._decoder.origin
        shown = {number for number, _ in self._visible}
        self.unread = [Unread("slide", page=number) for number, _ in slides if number not in shown]
        for number, slide in self._visible:
            charts = sum(bool(getattr(shape, "has_chart", False)) for shape in _shapes(slide.shapes))
            self.unread += [Unread("chart", page=number, count=charts)] if charts else []

    def pieces(self) -> Iterator[Piece]:
        """The title, the texts and tables, then the notes of each slide."""
        for number, slide in self._visible:
            title = slide.shapes.title
            found = [
                *self._title(title),
                *(piece for shape in _shapes(slide.shapes) for piece in self._of(shape, title)),
            ]
            if slide.has_notes_slide:
                found += (piece for shape in _shapes(slide.notes_slide.shapes) for piece in self._of(shape, None))
            yield from (replace(piece, page=number, last_page=number) for piece in found)

    def _title(self, title: Any) -> list[Piece]:  # noqa: ANN401 - as above
        if title is None:
            return []
        words = in_one_line(" ".join(self._words(paragraph) for paragraph in title.text_frame.paragraphs))
        return [Piece(words, kind="heading", level=_LEVEL)]

    def _of(self, shape: Any, title: Any) -> Iterator[Piece]:  # noqa: ANN401 - as above
        if title is not None and shape.shape_id == title.shape_id:
            return
        if getattr(shape, "has_table", False):
            rows = [[self._cell(cell) for cell in row.cells if not cell.is_spanned] for row in shape.table.rows]
            yield from row_pieces(rows_of_words(rows), headed=bool(shape.table.first_row))
        elif shape.has_text_frame:
            yield from self._texts(shape.text_frame)

    def _cell(self, cell: Any) -> Cell:  # noqa: ANN401 - as above
        words = in_one_line(" ".join(self._words(paragraph) for paragraph in cell.text_frame.paragraphs))
        return Cell(
            words, cell.span_width if cell.is_merge_origin else 1, cell.span_height if cell.is_merge_origin else 1
        )

    def _texts(self, frame: Any) -> list[Piece]:  # noqa: ANN401 - as above
        lines = (line for paragraph in frame.paragraphs for line in self._words(paragraph).split("\v"))
        return [Piece(line, kind="paragraph") for line in map(in_one_line, lines) if line]

    def _words(self, paragraph: Any) -> str:  # noqa: ANN401 - as above
        if not self.origin:
            return str(paragraph.text)
        return "".join(self._decoder.decode(run.text, run.font.name or "") for run in paragraph.runs)


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:  # noqa: ANN401 - as above
    """The shapes of a slide, those of groups in their place."""
    for shape in shapes:
        if shape.is_placeholder and shape.placeholder_format.type in _furniture():
            continue
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes, depth + 1) if depth < _MOST_GROUPS else ()
        else:
            yield shape


def _furniture() -> frozenset[Any]:
    """Kinds of placeholders that stand on every slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    return frozenset((PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER))


def _runs_of_slide(slide: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
    """The font and words of each run."""
    frames = [shape.text_frame for shape in _shapes(slide.shapes) if shape.has_text_frame]
    frames += [
        cell.text_frame
        for shape in _shapes(slide.shapes)
        if getattr(shape, "has_table", False)
        for row in shape.table.rows
        for cell in row.cells
    ]
    for frame in frames:
        for paragraph in frame.paragraphs:
            yield from ((run.font.name or "", run.text) for run in paragraph.runs)
