"""
The grid of a ruled table: connected lines and the cells between them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from retrieval.reading.pdf.tables.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.reading.pdf.tables.rules import Rules

_Place = tuple[int, int]  # row from the bottom, column
_SNAP = 3.0  # points: closer lines are one, as a double border is; the lowest row has six
_WALL = 0.5  # smallest share of a cell's side that a line between two cells covers
_MOST_CELLS = 20_000  # of the finest grid
_MOST_LINES = 1000  # of a page, after joining: more are hatching


@dataclass(frozen=True)
class Grid:
    """
    A table's columns and rows, and the merged cell at each place.

    Attributes:
        columns: edges from left to right, in points.
        rows: edges from bottom to top, in points.
        merged: the cell's number by (row from the bottom, column).
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    merged: dict[_Place, int]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell around a point."""
        column, row = bisect_right(self.columns, x) - 1, bisect_right(self.rows, y) - 1
        return self.merged.get((row, column))

    def row_cells(self) -> Iterator[tuple[int, list[int]]]:
        """Downwards, each row at which some cell begins, with its cells."""
        seen: set[int] = set()
        for row in range(len(self.rows) - 2, -1, -1):
            cells = list(dict.fromkeys(self.merged[row, column] for column in range(len(self.columns) - 1)))
            if not seen.issuperset(cells):
                yield row, cells
            seen.update(cells)

    @cached_property
    def spans(self) -> dict[int, tuple[int, int, int, int]]:
        """The first and last row (from the bottom) and column of each cell."""
        places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, cell in self.merged.items():
            places[cell].append(place)
        return {
            cell: (min(rows), max(rows), min(columns), max(columns))
            for cell, found in places.items()
            for rows, columns in [tuple(zip(*found, strict=True))]
        }


def grids_of(rules: Rules) -> list[Grid]:
    """The grids with two columns or more, those inside another one first."""
    across, down = _joined(rules.horizontal), _joined(rules.vertical)
    if not across or not down or len(across) + len(down) > _MOST_LINES:
        return []
    grids = (_grid(*lines) for lines in _connected(across, down) if len(lines[0]) > 1)
    tables = [grid for grid in grids if grid and any(len(cells) > 1 for _, cells in grid.row_cells())]
    return sorted(tables, key=lambda grid: grid.columns[-1] - grid.columns[0])


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Lines on one level that touch become one."""
    joined: list[Rule] = []
    for level in _levels(rules):
        at = sum(rule.at for rule in level) / len(level)
        for rule in sorted(level, key=lambda rule: rule.start):
            last = joined[-1] if joined else None
            if last is not None and last.at == at and rule.start <= last.end + _SNAP:
                joined[-1] = last._replace(end=max(last.end, rule.end))
            else:
                joined.append(Rule(at, rule.start, rule.end))
    return joined


def _levels(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    level: list[Rule] = []
    for rule in sorted(rules):
        if level and rule.at - level[0].at > _SNAP:
            yield level
            level = []
        level.append(rule)
    if level:
        yield level


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The horizontal and vertical lines of each set that hangs together."""
    touching: dict[int, list[int]] = defaultdict(list)
    for (one, flat), (two, upright) in product(enumerate(across), enumerate(down, len(across))):
        if _touch(flat, upright):
            touching[one].append(two)
            touching[two].append(one)
    left = dict.fromkeys(touching)
    while left:
        reached = [next(iter(left))]
        del left[reached[0]]
        for line in reached:
            fresh = [other for other in touching[line] if other in left]
            for other in fresh:
                del left[other]
            reached += fresh
        yield (
            [across[line] for line in sorted(reached) if line < len(across)],
            [down[line - len(across)] for line in sorted(reached) if line >= len(across)],
        )


def _touch(flat: Rule, upright: Rule) -> bool:
    return (
        flat.start - _SNAP <= upright.at <= flat.end + _SNAP and upright.start - _SNAP <= flat.at <= upright.end + _SNAP
    )


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    """The grid of connected lines, closed where borders are missing; None if too fine."""
    columns, rows = _edges(down, across), _edges(across, down)
    places = list(product(range(len(rows) - 1), range(len(columns) - 1)))
    if len(places) > _MOST_CELLS:
        return None
    numbers = {place: number for number, place in enumerate(places)}
    walls, floors = _by_level(down), _by_level(across)
    cells = _Cells({place: place for place in places})
    for row, column in places:
        if column and not _is_covered(walls[columns[column]], rows[row], rows[row + 1]):
            cells.merge((row, column), (row, column - 1))
        if row and not _is_covered(floors[rows[row]], columns[column], columns[column + 1]):
            cells.merge((row, column), (row - 1, column))
    return Grid(columns, rows, {place: numbers[cells.first(place)] for place in places})


def _edges(lines: Sequence[Rule], crossing: Sequence[Rule]) -> tuple[float, ...]:
    """The levels of the lines, and the outermost ends of those that cross them."""
    ends = [end for rule in crossing for end in (rule.start, rule.end)]
    edges = sorted({rule.at for rule in lines})
    low, high = min(ends), max(ends)
    return (*([low] if low < edges[0] - _SNAP else []), *edges, *([high] if high > edges[-1] + _SNAP else []))


def _by_level(lines: Sequence[Rule]) -> dict[float, list[Rule]]:
    levels: dict[float, list[Rule]] = defaultdict(list)
    for rule in lines:
        levels[rule.at].append(rule)
    return levels


def _is_covered(lines: Sequence[Rule], start: float, end: float) -> bool:
    """Whether the lines of a level part the cells on its two sides."""
    covered = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in lines)
    return covered >= _WALL * (end - start)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Merged cells as a disjoint-set forest."""

    parents: dict[_Place, _Place]

    def first(self, place: _Place) -> _Place:
        while (parent := self.parents[place]) != place:
            self.parents[place] = self.parents[parent]
            place = parent
        return place

    def merge(self, one: _Place, other: _Place) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self.parents[high] = low
