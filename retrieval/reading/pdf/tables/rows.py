"""
Rows of a PDF's tables as pieces: their columns' names, and their continuation overleaf.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.reading.assembly.content import Piece, in_one_line
from retrieval.reading.assembly.table_rows import row_pieces, row_text, stands_over_numbers
from retrieval.reading.pdf.characters import HYPHEN
from retrieval.reading.pdf.tables.page_break import whole_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.lines import Cell, PdfLine

_SAME = 6.0  # points that the columns of one table may differ by from page to page
_LONGEST_NAME = 100  # characters of a column's name
_MOST_HEADERS = 4  # header rows
_ORDINAL = re.compile(r"(?:s(?:ố)?\s*)?tt\.?|stt\.?|#", re.IGNORECASE)


def pieces_of_rows(rows: Sequence[PdfLine]) -> Iterator[Piece]:
    """The rows that follow one another, of one table or several."""
    for table in _tables(rows):
        yield from _ruled(table) if table[0].columns else _unruled(table)


def _tables(rows: Sequence[PdfLine]) -> Iterator[list[PdfLine]]:
    table = [rows[0]]
    for last, row in pairwise(rows):
        if _has_same_columns(last, row):
            table.append(row)
        else:
            yield table
            table = [row]
    yield table


def _has_same_columns(one: PdfLine, other: PdfLine) -> bool:
    return len(one.columns) == len(other.columns) and all(
        abs(a - b) <= _SAME for a, b in zip(one.columns, other.columns, strict=True)
    )


def _unruled(rows: Sequence[PdfLine]) -> Iterator[Piece]:
    cells = [[in_one_line(cell.text.replace(HYPHEN, "-")) for cell in row.cells] for row in rows]
    for row, piece in zip(rows, row_pieces(cells, headed=False), strict=True):
        yield replace(piece, page=row.page, last_page=row.page)


def _ruled(rows: Sequence[PdfLine]) -> Iterator[Piece]:
    captions = next((place for place, row in enumerate(rows) if len(row.cells) > 1), 0)
    depth = _header_depth(rows[captions:])
    header = rows[captions : captions + depth]
    body, is_repeated = _without_repetitions(rows[captions + depth :], header)
    has_names = is_repeated or _is_header(header, body)
    context = row_text(_names(header)) if has_names else ""
    for row in rows[: captions + depth]:
        yield Piece(row.text, kind="paragraph", page=row.page, last_page=row.page, is_row=True)
    for whole in whole_rows(body):
        yield Piece(
            row_text([cell.text for cell in whole.cells]),
            kind="paragraph",
            page=whole.page,
            last_page=whole.last_page,
            context=context if len(whole.cells) > 1 else "",
            is_row=True,
        )


def _header_depth(rows: Sequence[PdfLine]) -> int:
    """How many rows the header has: more if one of its cells is divided."""
    first = rows[0]
    is_divided = len(first.cells) < len(first.columns) - 1
    return min(max(cell.rows for cell in first.cells), _MOST_HEADERS, len(rows)) if is_divided else 1


def _without_repetitions(rows: Sequence[PdfLine], header: Sequence[PdfLine]) -> tuple[list[PdfLine], bool]:
    """The rows without repeated headers, and whether there were any."""
    body: list[PdfLine] = []
    names = [row.text.casefold() for row in header]
    place = 0
    page = header[-1].page
    is_repeated = False
    while place < len(rows):
        turns, page = rows[place].page != page, rows[place].page
        if turns and [row.text.casefold() for row in rows[place : place + len(header)]] == names:
            is_repeated = True
            place += len(header)
        else:
            body.append(rows[place])
            place += 1
    return body, is_repeated


def _is_header(header: Sequence[PdfLine], body: Sequence[PdfLine]) -> bool:
    """Whether rows are names: two-level, counting, bold or above numbers."""
    names = _names(header)
    if not body or not all(names) or any(len(name) > _LONGEST_NAME for name in names):
        return False
    is_bold = all(row.bold for row in header) and not all(row.bold for row in body)
    is_even = len(header) == 1 and all(len(row.cells) == len(names) for row in body)
    return (
        is_bold
        or len(header) > 1
        or _ORDINAL.fullmatch(names[0]) is not None
        or (is_even and stands_over_numbers([[cell.text for cell in row.cells] for row in (*header, *body)]))
    )


def _names(header: Sequence[PdfLine]) -> list[str]:
    """The name of each column: the header's cells above it, from the top."""
    middles = [(a + b) / 2 for a, b in pairwise(header[0].columns)]
    return [": ".join(dict.fromkeys(filter(None, (_text_at(row.cells, x) for row in header)))) for x in middles]


def _text_at(cells: Sequence[Cell], x: float) -> str:
    return next((cell.text for cell in cells if cell.left <= x <= cell.right), "")
