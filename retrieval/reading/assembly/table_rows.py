"""
Table rows as pieces: one paragraph "ô | ô | ô" per row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.reading.assembly.content import Piece
from retrieval.reading.document import BETWEEN_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EMPTY: Final = "–"  # keeps values in their own columns
NOT_READ: Final = "[…]"  # a cell that holds something that is not text: it is not empty
_LONGEST_NAME = 40  # characters of a column's name
_NUMBER = re.compile(r"[-–+]?\d[\d.,\s/]*%?")


def row_text(cells: Sequence[str]) -> str:
    """A row in one line."""
    return BETWEEN_CELLS.join(cell or EMPTY for cell in cells)


def row_pieces(rows: Sequence[Sequence[str]], *, headed: bool) -> Iterator[Piece]:
    """
    The nonempty rows; a header row becomes the context of the rows below.

    `headed`: whether the format marks the first row as a header.
    """
    headed = headed and any(rows[0])
    rows = [cells for cells in rows if any(cells)]
    context = BETWEEN_CELLS.join(rows[0]) if len(rows) > 1 and _is_header(rows, headed=headed) else ""
    for number, cells in enumerate(rows):
        yield Piece(row_text(cells), kind="paragraph", context=context if number else "", is_row=True)


def stands_over_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has no digit and some column below is all numbers."""
    if any(map(str.isdigit, "".join(rows[0]))):
        return False
    columns = ([cell for cell in column if cell] for column in zip(*rows[1:], strict=True))
    return any(column and all(map(_NUMBER.fullmatch, column)) for column in columns)


def _is_header(rows: Sequence[Sequence[str]], *, headed: bool) -> bool:
    """Whether the first row is a header: short distinct cells, marked or above numbers."""
    first = rows[0]
    is_even = all(len(row) == len(first) for row in rows)
    are_names = all(cell and len(cell) <= _LONGEST_NAME for cell in first) and len(set(first)) == len(first)
    return len(first) > 1 and is_even and are_names and (headed or stands_over_numbers(rows))
