"""
Table rows and text columns, found by gaps that align across lines.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from retrieval.reading.pdf.tables.unruled import with_unruled_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.pdf.lines import Cell, PdfLine

_WIDE = 1.5  # of the font size: wider than any gap of a justified line
_SHARED = 0.3  # of the font size: smallest overlap of a gap with the one above
_COLUMNS = 0.8  # of the font size: smallest common overlap of a column gutter
_MARK = re.compile(r"[-–+*•▪]|\(?\w{1,4}[.)]|(?:Điều|Chương|Mục)\s+\w+[.:]?", re.IGNORECASE)
_FEWEST = 5  # lines of two columns
_PROSE = 20  # characters per line, on average
_CONTINUED = 0.4  # smallest share of lines that start in lower case; table cells rarely do
_FEWEST_ROWS = 3  # of a table whose cells neither begin nor end at one edge
_ALIGNED = 0.5  # of the font size: how far edges of a column differ
_FULL = 0.5  # smallest share of lines that reach the right edge
_RAGGED = 0.15  # of the column width: how far full lines may fall short of it


class _Gutter(NamedTuple):
    left: float
    right: float


def in_reading_order(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines with table rows marked and columns put one after the other."""
    lines = with_unruled_rows(lines)
    ordered: list[PdfLine] = []
    place = 0
    while place < len(lines):
        run = _run(lines[place:])
        gutter = _gutter_of(run)
        if _are_columns(run) and gutter.right - gutter.left >= _COLUMNS * run[0].size:
            run += _tail(lines[place + len(run) :], run, gutter)
            ordered += [line for side in (0, 1) for line in _column(run, side, gutter)]
        elif len(run) > 1 and not _is_prose_with_gaps(run):
            ordered += [replace(line, is_row=True) for line in run]
        else:
            ordered += lines[place : place + len(run)]
        place += len(run)
    return ordered


def _run(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The first line and those below it while wide gaps align with a neighbour's gap."""
    run = [lines[0]]
    for line in lines[1:] if not lines[0].columns else ():
        last = run[-1]
        is_below = line.page == last.page and line.baseline < last.baseline and not line.columns
        if not is_below or not (_shares(last, line) or _shares(line, last)) or not _wide(line):
            break
        run.append(line)
    wide = [gap for line in run for gap in _wide(line)]
    return [_with_cells(line, wide) for line in run] if len(run) > 1 else run


def _shares(line: PdfLine, other: PdfLine) -> bool:
    """Whether a wide gap of the line overlaps some gap of the other."""
    return any(_is_shared(a, b, line.size) for a in _wide(line) for b in _gaps(other))


def _is_shared(one: _Gutter, other: _Gutter, size: float) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) >= _SHARED * size


def _wide(line: PdfLine) -> list[_Gutter]:
    return [gap for gap in _gaps(line) if gap.right - gap.left >= _WIDE * line.size]


def _gaps(line: PdfLine) -> list[_Gutter]:
    """The gaps of a line, except the one after an item's number or a label."""
    if len(line.cells) == 2 and (_MARK.fullmatch(line.cells[0].text) or line.cells[0].text.endswith(":")):
        return []
    return [_Gutter(a.right, b.left) for a, b in pairwise(line.cells)]


def _with_cells(line: PdfLine, wide: Sequence[_Gutter]) -> PdfLine:
    """Merge cells at narrow gaps, unless another line has a wide gap there."""
    cells = [line.cells[0]]
    for cell in line.cells[1:]:
        gap = _Gutter(cells[-1].right, cell.left)
        if any(_is_shared(gap, other, line.size) for other in wide):
            cells.append(cell)
        else:
            cells[-1] = replace(cells[-1], text=f"{cells[-1].text} {cell.text}", right=cell.right)
    return replace(line, cells=tuple(cells))


def _gutter_of(run: Sequence[PdfLine]) -> _Gutter:
    """The overlap of the first gaps of all lines."""
    gaps = [_Gutter(line.cells[0].right, line.cells[1].left) for line in run if len(line.cells) > 1]
    return _Gutter(max((gap.left for gap in gaps), default=0.0), min((gap.right for gap in gaps), default=0.0))


def _are_columns(run: Sequence[PdfLine]) -> bool:
    """Whether both sides are running text: full lines that often continue a sentence."""
    if len(run) < _FEWEST or any(len(line.cells) != 2 for line in run):
        return False
    return all(_is_prose([line.cells[side] for line in run]) for side in (0, 1))


def _is_prose(cells: Sequence[Cell]) -> bool:
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    full = sum(cell.right >= right - _RAGGED * (right - left) for cell in cells)
    continued = sum(cell.text[0].islower() for cell in cells[1:])
    letters = sum(len(cell.text) for cell in cells)
    return letters >= _PROSE * len(cells) and full >= _FULL * len(cells) and continued >= _CONTINUED * len(cells)


def _is_prose_with_gaps(run: Sequence[PdfLine]) -> bool:
    """Whether a few lines are a sentence whose wide gaps align by chance."""
    if len(run) > _FEWEST_ROWS or not all(line.text[0].islower() for line in run[1:]):
        return False
    cells = [line.cells[1] for line in run if len(line.cells) > 1]
    return not _is_level([cell.left for cell in cells], run[0].size) and not (
        all(cell.text[-1].isdigit() for cell in cells) and _is_level([cell.right for cell in cells], run[0].size)
    )


def _is_level(edges: Sequence[float], size: float) -> bool:
    return max(edges) - min(edges) <= _ALIGNED * size


def _tail(lines: Sequence[PdfLine], run: Sequence[PdfLine], gutter: _Gutter) -> Iterator[PdfLine]:
    """The lines at the same pitch that continue the longer of two columns."""
    last = run[-1]
    pitch = (run[0].baseline - last.baseline) / (len(run) - 1)
    for line in lines:
        is_beside = line.right <= gutter.right or line.left >= gutter.left
        if line.page != last.page or not 0 < last.baseline - line.baseline < 1.2 * pitch or not is_beside:
            return
        yield line
        last = line


def _column(run: Sequence[PdfLine], side: int, gutter: _Gutter) -> Iterator[PdfLine]:
    for line in run:
        if line.cells:
            cell = line.cells[side]
            yield replace(line, text=cell.text, left=cell.left, right=cell.right, cells=())
        elif (line.left >= gutter.left) == bool(side):
            yield line
