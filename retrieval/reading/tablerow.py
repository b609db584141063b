"""
Rows of a table -> Pieces: each row is one paragraph, "ô | ô | ô", so that what stands side by side is quoted together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading.composition import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BETWEEN = " | "
_LONGEST_NAME = 40  # characters of a column's name


def row_pieces(rows: Sequence[Sequence[str]]) -> Iterator[Piece]:
    """The rows that hold words; the names in a header row become the context of those below it."""
    rows = [cells for cells in rows if any(cells)]
    context = _BETWEEN.join(rows[0]) if len(rows) > 1 and _is_header(rows) else ""
    for number, cells in enumerate(rows):
        words = _BETWEEN.join(cell for cell in cells if cell)
        yield Piece(words, kind="paragraph", context=context if number else "")


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: short different words without digits, in a table of even rows."""
    first = rows[0]
    is_even = all(len(row) == len(first) for row in rows)
    are_names = all(cell and len(cell) <= _LONGEST_NAME and not any(map(str.isdigit, cell)) for cell in first)
    return len(first) > 1 and is_even and are_names and len(set(first)) == len(first)
