"""
Rows of a ruled table that a page break divides.

A row that goes on overleaf becomes one, and a merged cell keeps its value on the next page. Whether the first row of a
page is new is told by the column of ordinal numbers, or by words that continue a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.reading.pdf.line_breaks import join_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.lines import Cell, PdfLine


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as a whole, with its first and last page."""

    cells: tuple[Cell, ...]
    page: int
    last_page: int


def whole_rows(rows: Sequence[PdfLine]) -> Iterator[TableRow]:
    """The rows of a table without its header, those that pages divide put together."""
    counts = _counts(rows)
    last: TableRow | None = None
    carried: dict[int, Cell] = {}
    for row in rows:
        turns = last is not None and row.page > last.last_page
        if last is not None and turns and _goes_on(last, row, counts=counts):
            last = TableRow(_joined(last.cells, row.cells), last.page, row.page)
            continue
        if last is not None:
            yield last
        if turns and last is not None:
            carried = _open_cells(last, row)
        elif any(cell.text or cell.rows < 2 for place, cell in enumerate(row.cells) if place in carried):
            carried = {}
        cells = tuple(
            replace(cell, text=carried[place].text) if place in carried else cell
            for place, cell in enumerate(row.cells)
        )
        last = TableRow(cells, row.page, row.page)
    if last is not None:
        yield last


def _counts(rows: Sequence[PdfLine]) -> bool:
    """Whether the first column counts the rows."""
    numbers = [row.cells[0].text.strip(".)") for row in rows if len(row.cells) > 1 and row.cells[0].text]
    return len(numbers) > 1 and all(number.isdigit() for number in numbers)


def _goes_on(last: TableRow, row: PdfLine, *, counts: bool) -> bool:
    if len(last.cells) != len(row.cells) or len(row.cells) < 2 or row.cells[0].text:
        return False
    fresh = [cell.text for cell in row.cells if cell.text]
    return (counts and last.cells[0].rows == 1) or all(words[0].islower() for words in fresh)


def _joined(cells: Sequence[Cell], following: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(
        replace(cell, text=join_lines(filter(None, (cell.text, other.text))))
        for cell, other in zip(cells, following, strict=True)
    )


def _open_cells(last: TableRow, row: PdfLine) -> dict[int, Cell]:
    """Merged cells that go on as empty ones at the head of the next page."""
    if len(last.cells) != len(row.cells):
        return {}
    pairs = enumerate(zip(last.cells, row.cells, strict=True))
    return {place: cell for place, (cell, other) in pairs if cell.rows > 1 and not other.text}
