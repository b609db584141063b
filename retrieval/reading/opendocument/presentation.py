"""
Read .odp: a section for each slide, with its tables and notes.

Hidden slides are not read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, Piece, content_of
from retrieval.reading.assembly.merged_cells import Cell, rows_of_words
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.document import Unread
from retrieval.reading.opendocument.package import find_all, open_document, qname, style_value
from retrieval.reading.opendocument.words import OpenDocumentWords
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content

_LEVEL = 2  # of a slide's title
_HIDDEN = "./style:drawing-page-properties/@presentation:visibility"
_TITLE = "./draw:frame[@presentation:class='title']"
_FURNITURE = " or ".join(f"@presentation:class='{kind}'" for kind in ("header", "footer", "date-time", "page-number"))
_NOT_FURNITURE = f"not(ancestor::draw:frame[{_FURNITURE}])"
_TEXTS = (
    ".//text:p[not(ancestor::table:table or ancestor::presentation:notes or "
    f"ancestor::draw:frame[@presentation:class='title']) and {_NOT_FURNITURE}] | .//table:table"
)


def read_open_presentation(data: bytes, source: str) -> Content:
    """Read an .odp file."""
    document = open_document(data, source, "presentation")
    words = OpenDocumentWords(document)
    pieces: list[Piece] = []
    hidden: list[Unread] = []
    for number, slide in enumerate(find_all(document.body, "./draw:page"), 1):
        if style_value(document.styles, slide.get(qname("draw", "style-name")), _HIDDEN) == "hidden":
            hidden.append(Unread("slide", page=number))
        else:
            pieces += (replace(piece, page=number, last_page=number) for piece in _pieces(slide, words) if piece.text)
    if not pieces:
        raise EmptyError(f"a document holds text, no slide of {source} does: fill it or remove it")
    content = content_of(pieces, Metadata(title=shortened(pieces[0].text)), origin=words.origin)
    return replace(content, unread=(*document.unread, *hidden))


def _pieces(slide: Any, words: OpenDocumentWords) -> Iterator[Piece]:  # noqa: ANN401 - an lxml element, which has no types
    """The title, the texts and tables, then the notes."""
    title = " ".join(words.line_of(each) for frame in find_all(slide, _TITLE) for each in find_all(frame, ".//text:p"))
    yield Piece(title, kind="heading", level=_LEVEL)
    for part in find_all(slide, _TEXTS):
        if part.tag == qname("table", "table"):
            rows = [
                [_cell(cell, words) for cell in find_all(row, "./table:table-cell")]
                for row in find_all(part, ".//table:table-row")
            ]
            yield from row_pieces(
                rows_of_words(rows), headed=part.get(qname("table", "use-first-row-styles")) == "true"
            )
        else:
            yield from (Piece(line, kind="paragraph") for line in words.lines_of(part))
    for note in find_all(slide, f"./presentation:notes//text:p[{_NOT_FURNITURE}]"):
        yield from (Piece(line, kind="paragraph") for line in words.lines_of(note))


def _cell(cell: Any, words: OpenDocumentWords) -> Cell:  # noqa: ANN401 - as above
    text = " ".join(map(words.line_of, find_all(cell, ".//text:p")))
    columns, rows = (int(cell.get(qname("table", f"number-{of}-spanned")) or 1) for of in ("columns", "rows"))
    return Cell(text, columns, rows)
