"""
Tables without ruling lines, found by three columns or more that align.

A cell's wrapped lines join the row that they stand next to. With two columns a table cannot be told from text set in
columns: those are left to `columns`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.reading.assembly.table_rows import row_text
from retrieval.reading.pdf.line_breaks import join_lines
from retrieval.reading.pdf.lines import Cell, PdfLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDE = 1.5  # of the font size: smallest gap between columns in some rows
_LEVEL = 0.3  # of the font size: baselines of one row differ by less
_FEWEST = 3  # columns
_FARTHEST = 3.5  # of the font size: largest step from row to row
_WRAP = 1.6  # of the font size: largest step from line to line of a cell


@dataclass(slots=True)
class _Level:
    """What stands on one baseline, from left to right."""

    lines: list[PdfLine]

    @property
    def baseline(self) -> float:
        return self.lines[0].baseline

    @property
    def size(self) -> float:
        return self.lines[0].size

    def cells(self) -> list[Cell]:
        """The texts between gaps."""
        found = [cell for line in self.lines for cell in line.cells or (Cell(line.text, line.left, line.right),)]
        return sorted(found, key=lambda cell: cell.left)

    def wide_cells(self) -> list[Cell]:
        """The texts between wide gaps."""
        cells: list[Cell] = []
        for cell in self.cells():
            if cells and cell.left - cells[-1].right < _WIDE * self.size:
                cells[-1] = replace(cells[-1], right=max(cell.right, cells[-1].right))
            else:
                cells.append(cell)
        return cells


@dataclass(frozen=True, slots=True)
class _Band:
    """A column's extent."""

    left: float
    right: float


def with_unruled_rows(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines, those of each unruled table replaced by its rows."""
    pages: dict[int, list[PdfLine]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    return [line for page in pages.values() for line in _with_rows(page)]


def _with_rows(page: Sequence[PdfLine]) -> list[PdfLine]:
    if sum(len(line.cells) > 1 and not line.columns for line in page) < _FEWEST - 1:
        return list(page)
    replaced: dict[int, list[PdfLine]] = {}
    for levels, bands in _tables(_levels(page)):
        rows = list(_rows(levels, bands))
        ids = {id(line) for level in levels for line in level.lines}
        first = next(line for line in page if id(line) in ids)
        replaced |= {number: [] for number in ids} | {id(first): rows}
    return [line for old in page for line in replaced.get(id(old), [old])]


def _levels(page: Sequence[PdfLine]) -> list[_Level]:
    levels: list[_Level] = []
    for line in sorted(page, key=lambda line: -line.baseline):
        if levels and levels[-1].baseline - line.baseline < _LEVEL * line.size and not line.columns:
            levels[-1].lines.append(line)
        else:
            levels.append(_Level([line]))
    return levels


def _tables(levels: Sequence[_Level]) -> Iterator[tuple[list[_Level], list[_Band]]]:
    place = end = 0
    while place < len(levels):
        bands = [_Band(cell.left, cell.right) for cell in levels[place].wide_cells()]
        run = _run(levels[place:], bands) if len(bands) >= _FEWEST and not levels[place].lines[0].columns else []
        if _is_table(run):
            place += len(run)
            yield [*_header(levels[end : place - len(run) + 1], bands), *run], bands
            end = place
        else:
            place += 1


def _header(levels: Sequence[_Level], bands: list[_Band]) -> list[_Level]:
    """The levels above the last one whose names stand in the columns."""
    header: list[_Level] = []
    for level, below in reversed(list(pairwise(levels))):
        step = level.baseline - below.baseline
        if level.lines[0].columns or step > _FARTHEST * level.size or len(level.cells()) < 2 or not _fit(level, bands):
            break
        header.insert(0, level)
    return header


def _is_table(run: Sequence[_Level]) -> bool:
    """Whether several levels have most of the columns; a row of three signatures is none."""
    counts = [len(level.wide_cells()) for level in run]
    return sum(count >= _FEWEST for count in counts) > 1 or sum(count >= _FEWEST - 1 for count in counts) > 2


def _run(levels: Sequence[_Level], bands: list[_Band]) -> list[_Level]:
    """The levels whose cells stand in the columns, which they widen."""
    run = [levels[0]]
    for last, level in pairwise(levels):
        step = last.baseline - level.baseline
        if level.lines[0].columns or step > _FARTHEST * level.size or not _fit(level, bands):
            break
        run.append(level)
    while len(run) > 1 and len(run[-1].cells()) == 1 and not _is_wrapped(run[-2], run[-1], bands):
        run.pop()
    return run


def _fit(level: _Level, bands: list[_Band]) -> bool:
    """Whether each cell stands in one column; if so, the columns are widened by them."""
    touched = [(cell, [place for place, band in enumerate(bands) if _overlap(cell, band)]) for cell in level.cells()]
    if any(len(found) != 1 for _, found in touched):
        return False
    wider = [_Band(band.left, band.right) for band in bands]
    for cell, (place,) in touched:
        wider[place] = _Band(min(wider[place].left, cell.left), max(wider[place].right, cell.right))
    if any(a.right >= b.left for a, b in pairwise(wider)):
        return False
    bands[:] = wider
    return True


def _overlap(cell: Cell, band: _Band) -> bool:
    return min(cell.right, band.right) > max(cell.left, band.left)


def _is_wrapped(above: _Level, level: _Level, bands: Sequence[_Band]) -> bool:
    """Whether a level goes on with cells above, and has no first cell."""
    is_close = above.baseline - level.baseline <= _WRAP * level.size
    return is_close and not _starts(level, bands)


def _rows(levels: Sequence[_Level], bands: Sequence[_Band]) -> Iterator[PdfLine]:
    """Each level with a first cell opens a row; the others join the nearer row."""
    edges = (bands[0].left, *((a.right + b.left) / 2 for a, b in pairwise(bands)), bands[-1].right)
    row: list[_Level] = []
    for place, level in enumerate(levels):
        if row and _opens_row(levels, place, bands):
            yield _row(row, bands, edges)
            row = []
        row.append(level)
    yield _row(row, bands, edges)


def _opens_row(levels: Sequence[_Level], place: int, bands: Sequence[_Band]) -> bool:
    """Whether a level has a first cell, or is nearer to the one below."""
    if place > 0 and not _starts(levels[place - 1], bands) and _is_nearer_below(levels, place - 1):
        return False  # it belongs to a cell that begins higher than the first one
    if _starts(levels[place], bands):
        return True
    return place + 1 < len(levels) and _starts(levels[place + 1], bands) and _is_nearer_below(levels, place)


def _starts(level: _Level, bands: Sequence[_Band]) -> bool:
    return any(_overlap(cell, bands[0]) for cell in level.cells())


def _is_nearer_below(levels: Sequence[_Level], place: int) -> bool:
    if not 0 < place < len(levels) - 1:
        return place == 0
    above, here, below = (level.baseline for level in levels[place - 1 : place + 2])
    return here - below < 0.9 * (above - here)


def _row(levels: Sequence[_Level], bands: Sequence[_Band], edges: tuple[float, ...]) -> PdfLine:
    cells = []
    for band, (left, right) in zip(bands, pairwise(edges), strict=True):
        parts = [" ".join(cell.text for cell in level.cells() if _overlap(cell, band)) for level in levels]
        cells.append(Cell(join_lines(filter(None, parts)), left, right))
    first = levels[0].lines[0]
    return replace(
        first,
        text=row_text([cell.text for cell in cells]),
        left=bands[0].left,
        right=bands[-1].right,
        cells=tuple(cells),
        is_row=True,
        columns=edges,
        bold=all(line.bold for level in levels for line in level.lines),
    )
