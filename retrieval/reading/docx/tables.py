"""
The tables of a .docx as rows of cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.assembly.table_rows import NOT_READ, row_pieces
from retrieval.reading.docx.paragraph_text import text_of
from retrieval.reading.docx.xml import find_all, is_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.oxml.table import CT_Tc
    from docx.table import Table, _Cell, _Row

    from retrieval.reading.assembly.content import Piece
    from retrieval.reading.docx.numbering import Numbering

_UNREAD = ".//w:drawing | .//w:pict | .//w:object | .//w:altChunk"  # a picture of the value, perhaps


def table_pieces(table: Table, numbering: Numbering) -> Iterator[Piece]:
    """The rows of a table."""
    words: dict[CT_Tc, str] = {}  # by cell; merged cells are read once, since their lists count
    rows = [_cells(row, numbering, words) for at, row in enumerate(table.rows) if at == 0 or _begins_a_cell(row)]
    if rows:
        yield from row_pieces(rows, headed=is_on(table._tbl, "./w:tr[1]/w:trPr/w:tblHeader"))  # noqa: SLF001 - python-docx does not offer it


def is_frame(table: Any) -> bool:  # noqa: ANN401 - an XML element, which has no types
    """Whether a table is only a frame around paragraphs: each row is one cell."""
    rows = find_all(table, "./w:tr")
    return bool(rows) and all(len(find_all(row, "./w:tc")) == 1 for row in rows)


def _begins_a_cell(row: _Row) -> bool:
    """Whether a row has a cell of its own, not only those from above."""
    return bool(find_all(row._tr, "./w:tc[not(w:tcPr/w:vMerge[not(@w:val='restart')])] | ./w:sdt"))  # noqa: SLF001 - python-docx does not offer it


def _cells(row: _Row, numbering: Numbering, words: dict[CT_Tc, str]) -> list[str]:
    """The text of each cell; a cell merged over columns counts once."""
    cells = {cell._tc: cell for cell in row.cells}  # noqa: SLF001 - merged cells share their XML
    for place, cell in cells.items():
        if place not in words:
            text = in_one_line(" ".join(_parts(cell, numbering)))
            words[place] = text or (NOT_READ if find_all(place, _UNREAD) else "")
    return [*[""] * row.grid_cols_before, *(words[place] for place in cells), *[""] * row.grid_cols_after]


def _parts(cell: _Cell, numbering: Numbering) -> Iterator[str]:
    from docx.table import Table

    for item in cell.iter_inner_content():
        if isinstance(item, Table):
            yield "; ".join(piece.text for piece in table_pieces(item, numbering))
        else:
            yield f"{numbering.number_of(item)} {text_of(item._p)}"  # noqa: SLF001 - as above
