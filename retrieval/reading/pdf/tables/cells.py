"""
Ruled tables of a PDF page: its letters by cell, and its rows as lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from retrieval.reading.pdf.characters import HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.characters import Character
    from retrieval.reading.pdf.tables.grid import Grid

_INSIDE = 1.0  # points from a letter's origin into the letter, which may touch a ruling line
_FEWEST = 2  # cells with text


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell's lines of characters, its edges, and how many rows it spans."""

    number: int
    lines: tuple[list[Character], ...]
    left: float
    right: float
    rows: int


@dataclass(frozen=True, slots=True)
class RuledRow:
    """A row's cells; a cell that spans rows is in each of them."""

    cells: tuple[RuledCell, ...]
    columns: tuple[float, ...]  # edges of the table's columns
    bottom: float


def split_at_rules(lines: Sequence[list[Character]], grids: Sequence[Grid]) -> Iterator[list[Character] | RuledRow]:
    """The lines outside of tables, and each table's rows where its first line stood."""
    parts = [part for line in lines for part in _parts(line, grids)]
    found: dict[int, dict[int, list[list[Character]]]] = {}
    for (grid, cell), part in parts:
        if grid is not None:
            found.setdefault(grid, {}).setdefault(cell, []).append(part)
    tables = {grid for grid, cells in found.items() if len(cells) >= _FEWEST}
    given: set[int] = set()
    for (grid, _), part in parts:
        if grid not in tables:
            yield part
        elif grid not in given:
            given.add(grid)
            yield from _rows(grids[grid], found[grid])


def _parts(line: list[Character], grids: Sequence[Grid]) -> Iterator[tuple[tuple[int | None, int], list[Character]]]:
    """The line's characters by table and cell; a space belongs to what precedes it."""
    placed: list[tuple[tuple[int | None, int], Character]] = []
    for letter in line:
        is_blank = letter.char.isspace() or letter.char == HYPHEN
        place = placed[-1][0] if is_blank and placed else _place_of(letter, grids)
        placed.append((place, letter))
    for place, group in groupby(placed, lambda each: each[0]):
        part = [letter for _, letter in group]
        if any(not letter.char.isspace() for letter in part):
            yield place, part


def _place_of(letter: Character, grids: Sequence[Grid]) -> tuple[int | None, int]:
    for number, grid in enumerate(grids):
        cell = grid.cell_at(letter.x + _INSIDE, letter.y + _INSIDE)
        if cell is not None:
            return number, cell
    return None, 0


def _rows(grid: Grid, found: dict[int, list[list[Character]]]) -> Iterator[RuledRow]:
    for row, numbers in grid.row_cells():
        if any(number in found for number in numbers):
            cells = tuple(_cell(grid, number, found.get(number, [])) for number in numbers)
            yield RuledRow(cells, grid.columns, grid.rows[row])


def _cell(grid: Grid, number: int, lines: list[list[Character]]) -> RuledCell:
    lowest, highest, first, last = grid.spans[number]
    downwards = sorted(lines, key=lambda line: _place_in_cell(line[0], line[-1]))
    return RuledCell(number, tuple(downwards), grid.columns[first], grid.columns[last + 1], rows=highest - lowest + 1)


def _place_in_cell(first: Character, last: Character) -> tuple[float, float]:
    """Lines are read downwards, those of turned text from left to right."""
    is_turned = abs(last.y - first.y) > abs(last.x - first.x)
    return (first.x, 0) if is_turned else (-round(first.y), first.x)
