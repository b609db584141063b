"""
Write a sheet as pieces: title lines, then rows with the names of their columns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.reading.assembly.content import Piece, in_one_line
from retrieval.reading.assembly.table_rows import EMPTY
from retrieval.reading.document import BETWEEN_CELLS
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"[-–+(]?\d[\d.,\s/]*\)?%?")
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Z]|[ivx]+)\)?(?:\s*=.*)?")  # a row of column numbers: "A", "(1)", "3=1+2"
_LONGEST_NAME = 80  # characters of a column's name
_NATIONAL_NAME = re.compile(r"cộng h[oò]à? xã hội|độc lập", re.IGNORECASE)
_TITLE_WORDS = 4
_DEFAULT_NAME = re.compile(r"(?:sheet|trang[ _]?tính|bảng)\s*\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merge:
    """A rectangle of merged cells; ends are exclusive."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A sheet without its hidden rows and columns.

    `rows`: the words of each cell, all rows of one length; merged cells have theirs in the upper left one.
    """

    name: str
    rows: Sequence[Sequence[str]]
    merges: Sequence[Merge] = ()


def sheet_pieces(sheets: Sequence[Sheet]) -> Iterator[Piece]:
    """The pieces of all filled sheets, each below its name."""
    filled = [sheet for sheet in sheets if any(map(any, sheet.rows))]
    for sheet in filled:
        if len(filled) > 1 or not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
            yield Piece(sheet.name, kind="heading", level=2)
        yield from _SheetReader(sheet).pieces()


def sheet_title(pieces: Sequence[Piece]) -> str:
    """The first line in capitals, else the first; never the national name."""
    lines = [piece.text for piece in pieces if not piece.is_row and not _NATIONAL_NAME.match(piece.text)]
    capitals = (line for line in lines if line.isupper() and len(line.split()) >= _TITLE_WORDS)
    return shortened(next(capitals, lines[0] if lines else ""))


class _SheetReader:
    """The rows of one sheet, its headers found by their looks."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows = [[in_one_line(cell) for cell in row] for row in sheet.rows]
        self._merges = {(merge.top, merge.left): merge for merge in sheet.merges}
        self._merges_at: dict[int, list[Merge]] = defaultdict(list)  # by row
        for merge in self._merges.values():
            for row in range(merge.top, min(merge.bottom, len(self._rows))):
                self._merges_at[row].append(merge)
        self._columns = [at for at in range(len(self._rows[0])) if any(row[at] for row in self._rows)]
        self._filled = [[at for at in self._columns if row[at]] for row in self._rows]
        self._widest = max(map(len, self._filled))

    def pieces(self) -> Iterator[Piece]:
        place, names = 0, ""
        while place < len(self._rows):
            may_head = not names or self._follows_blank(place) or self._opens_rows(place)
            height = self._header_height(place) if may_head else 0
            if height:
                names = BETWEEN_CELLS.join(self._names(place, height))
                for row in range(place, place + height):
                    yield from self._row(row, "")
            elif self._filled[place]:
                yield from self._row(place, names)
            place += height or 1

    def _row(self, place: int, names: str) -> Iterator[Piece]:
        filled = self._filled[place]
        if not filled:
            return
        if len(filled) == 1 and (not names or self._is_wide(place, filled[0])):
            yield Piece(self._rows[place][filled[0]])
            return
        cells = self._with_those_above(place) if names else self._rows[place]
        covered = self._covered(place)
        shown = [cells[at] for at in self._columns if at not in covered]
        while shown and not shown[-1]:
            shown.pop()
        yield Piece(BETWEEN_CELLS.join(cell or EMPTY for cell in shown), kind="paragraph", context=names, is_row=True)

    def _is_wide(self, place: int, column: int) -> bool:
        """Whether a cell is merged over other columns, as titles between rows are."""
        merge = self._merges.get((place, column))
        return merge is not None and merge.right - merge.left > 1

    def _covered(self, place: int) -> set[int]:
        """The columns of a row that a cell merged over columns covers beside its own."""
        return {at for merge in self._merges_at[place] for at in range(merge.left + 1, merge.right)}

    def _with_those_above(self, place: int) -> list[str]:
        """The cells of a row, those merged over rows in each of them."""
        cells = list(self._rows[place])
        for merge in self._merges_at[place]:
            if merge.top < place and not cells[merge.left]:
                cells[merge.left] = self._rows[merge.top][merge.left]
        return cells

    def _follows_blank(self, place: int) -> bool:
        return place > 0 and not self._filled[place - 1]

    def _opens_rows(self, place: int) -> bool:
        """Whether several cells are merged over this row and the next ones."""
        return sum(merge.bottom - merge.top > 1 for merge in self._merges_from(place)) > 1

    def _header_height(self, place: int) -> int:
        """How many rows from here name the columns; 0 if these are no names."""
        filled = self._filled[place]
        if len(filled) < 2 or not self._are_names(place):
            return 0
        height = max([1, *(merge.bottom - merge.top for merge in self._merges_from(place))])
        height = min(height, len(self._rows) - place)
        if height == 1 and self._names_parts(place):
            height = 2
        named = {at for row in range(place, place + height) for at in self._filled[row]}
        if 2 * len(named) < self._widest or not all(map(self._are_names, range(place, place + height))):
            return 0
        after = place + height
        if after < len(self._rows) and self._filled[after] and self._is_numbering(after):
            height += 1
        return height if any(len(below) > 1 for below in self._filled[place + height :]) else 0

    def _are_names(self, place: int) -> bool:
        """Whether a row has no number, no long text and no label with a colon."""
        cells = (self._rows[place][at] for at in self._filled[place])
        return not any(_NUMBER.fullmatch(cell) or len(cell) > _LONGEST_NAME or cell.endswith(":") for cell in cells)

    def _names_parts(self, place: int) -> bool:
        """Whether the next row names parts of merged columns, and nothing else."""
        if place + 1 >= len(self._rows) or not self._filled[place + 1]:
            return False
        merged = {
            at for merge in self._merges_from(place) for at in range(merge.left, merge.right) if self._spans(merge)
        }
        below = self._filled[place + 1]
        return set(below) <= merged and not any(_NUMBER.fullmatch(self._rows[place + 1][at]) for at in below)

    @staticmethod
    def _spans(merge: Merge) -> bool:
        return merge.right - merge.left > 1

    def _is_numbering(self, place: int) -> bool:
        return len(self._filled[place]) > 1 and all(
            _NUMBERING.fullmatch(self._rows[place][at]) for at in self._filled[place]
        )

    def _merges_from(self, place: int) -> list[Merge]:
        return [merge for merge in self._merges_at[place] if merge.top == place]

    def _names(self, place: int, height: int) -> Iterator[str]:
        """The name of each column: "Vốn góp: Tỷ lệ" where it has two rows."""
        for column in self._columns:
            parts = dict.fromkeys(
                name
                for row in range(place, place + height)
                if not self._is_numbering(row) and (name := self._name_at(row, column))
            )
            yield ": ".join(parts) or EMPTY

    def _name_at(self, row: int, column: int) -> str:
        for merge in self._merges_at[row]:
            if merge.left <= column < merge.right:
                return self._rows[merge.top][merge.left]
        return self._rows[row][column]
