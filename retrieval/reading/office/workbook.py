"""
Read .xlsx and .xlsm with openpyxl: cells as they are shown.

Formulas have the values that the program stored. Hidden sheets, rows and columns are not read.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, content_of
from retrieval.reading.assembly.number_format import shown_date, shown_number
from retrieval.reading.assembly.sheet import Merge, Sheet, sheet_pieces, sheet_title
from retrieval.reading.assembly.zip_parts import open_parts
from retrieval.reading.document import Unread
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.document import Content

_NOT_COMPUTED = "[…]"  # a formula whose value the file does not store; "–" would say that the cell is empty


def read_workbook(data: bytes, source: str) -> Content:
    """Read an .xlsx or .xlsm file."""
    import openpyxl

    parts = open_parts(data, source)
    has_formulas = any(b"<f" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if has_formulas else None
    reader = _WorkbookReader(book, formulas)
    pieces = list(sheet_pieces(list(reader.sheets())))
    if not pieces:
        raise EmptyError(f"a document holds text, {source} has no visible cell with any: fill it or remove it")
    content = content_of(pieces, Metadata(title=sheet_title(pieces)), origin=reader.origin)
    macros = [Unread("macro")] if any(name.endswith("vbaProject.bin") for name in parts.namelist()) else []
    return replace(content, unread=(*reader.unread, *macros))


class _WorkbookReader:
    """The visible sheets of a workbook, their legacy fonts converted."""

    def __init__(self, book: Any, formulas: Any) -> None:  # noqa: ANN401 - openpyxl publishes no types
        self._formulas = formulas
        self._visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        self._decoder = LegacyDecoder(
            (cell.font.name or "", cell.value)
            for sheet in self._visible
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        )
        self.origin = self._decoder.origin
        self.unread = [Unread("sheet", name=sheet.title) for sheet in book.worksheets if sheet not in self._visible]
        charts = sum(len(sheet._charts) for sheet in self._visible) + len(book.chartsheets)  # noqa: SLF001 - not offered otherwise
        self.unread += [Unread("chart", count=charts)] if charts else []

    def sheets(self) -> Iterator[Sheet]:
        """The visible sheets without their hidden rows and columns."""
        for sheet in self._visible:
            rows = [row for row in range(1, sheet.max_row + 1) if not sheet.row_dimensions[row].hidden]
            hidden = _hidden_columns(sheet)
            columns = [column for column in range(1, sheet.max_column + 1) if column not in hidden]
            lost = [
                cell
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None and (cell.column in hidden or sheet.row_dimensions[cell.row].hidden)
            ]
            if lost:
                self.unread.append(Unread("sheet", name=sheet.title, count=len(lost)))
            if rows and columns:
                words = [[self._words(sheet, row, column) for column in columns] for row in rows]
                yield Sheet(sheet.title, words, list(_visible_merges(sheet, rows, columns)))

    def _words(self, sheet: Any, row: int, column: int) -> str:  # noqa: ANN401 - as above
        cell = sheet.cell(row, column)
        value = cell.value
        if value is None:
            return _NOT_COMPUTED if self._is_formula(sheet, row, column) else ""
        if isinstance(value, str):
            return self._decoder.decode(value, cell.font.name or "")
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, datetime):
            return shown_date(value, cell.number_format)
        if isinstance(value, date):
            return shown_date(datetime.combine(value, time()), cell.number_format)
        return shown_number(value, cell.number_format) if isinstance(value, int | float) else str(value)

    def _is_formula(self, sheet: Any, row: int, column: int) -> bool:  # noqa: ANN401 - as above
        return self._formulas is not None and self._formulas[sheet.title].cell(row, column).value is not None


def _hidden_columns(sheet: Any) -> set[int]:  # noqa: ANN401 - as above
    """Hidden columns; one entry stands for a range of them."""
    return {
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden and dimension.min and dimension.max
        for column in range(dimension.min, min(dimension.max, sheet.max_column) + 1)
    }


def _visible_merges(sheet: Any, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Merge]:  # noqa: ANN401 - as above
    """The merged cells, counted in visible rows and columns."""
    for merged in sheet.merged_cells.ranges:
        inner = [at for at, row in enumerate(rows) if merged.min_row <= row <= merged.max_row]
        across = [at for at, column in enumerate(columns) if merged.min_col <= column <= merged.max_col]
        is_whole = inner and across and rows[inner[0]] == merged.min_row and columns[across[0]] == merged.min_col
        if is_whole:
            yield Merge(inner[0], inner[-1] + 1, across[0], across[-1] + 1)
