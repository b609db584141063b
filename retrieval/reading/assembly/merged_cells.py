"""
Tables whose cells are merged, as rows of words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_ROWS = 10_000  # that one cell is repeated in; damaged files name millions


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell and how many columns and rows it is merged over."""

    words: str
    columns: int = 1
    rows: int = 1


def rows_of_words(table: Iterable[Sequence[Cell]]) -> list[list[str]]:
    """
    The words of each row; a row lists only the cells that begin in it.

    A cell merged over rows stands in each of them, one merged over columns once. A row in which no cell begins says
    nothing new and is left out.
    """
    rows: list[list[str]] = []
    running: dict[int, tuple[Cell, int]] = {}  # by column: cells from above, and the rows that they still fill
    for cells in table:
        words: list[str] = []
        column = 0
        below: dict[int, tuple[Cell, int]] = {}
        waiting = list(cells)
        while waiting or column in running:
            above = running.pop(column, None)
            cell, left = above or (waiting[0], min(waiting[0].rows, _MOST_ROWS))
            if above is None:
                waiting.pop(0)
            words.append(cell.words)
            if left > 1:
                below[column] = (cell, left - 1)
            column += max(1, cell.columns)
        if cells:
            rows.append(words)
        running = {**_shortened(running), **below}
    return rows


def _shortened(running: dict[int, tuple[Cell, int]]) -> dict[int, tuple[Cell, int]]:
    """Cells from above that stand right of a gap in this row."""
    return {column: (cell, left - 1) for column, (cell, left) in running.items() if left > 1}
