"""
Read .xlsx and .xlsm with openpyxl: cells as they are shown.

Formulas have the values that the program stored. Hidden sheets are not read; hidden rows and columns are, since filters
and folded groups hide what belongs to the text.
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
from retrieval.reading.assembly.table_rows import NOT_READ
from retrieval.reading.assembly.zip_parts import has_macros, open_parts
from retrieval.reading.document import Unread
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content


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
    macros = [Unread("macro")] if has_macros(parts) else []
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
        """The visible sheets."""
        for sheet in self._visible:
            rows, columns = range(1, sheet.max_row + 1), range(1, sheet.max_column + 1)
            words = [[self._words(sheet, row, column) for column in columns] for row in rows]
            merges = [
                Merge(merged.min_row - 1, merged.max_row, merged.min_col - 1, merged.max_col)
                for merged in sheet.merged_cells.ranges
                if merged.max_row <= sheet.max_row and merged.max_col <= sheet.max_column
            ]
            yield Sheet(sheet.title, words, merges)

    def _words(self, sheet: Any, row: int, column: int) -> str:  # noqa: ANN401 - as above
        cell = sheet.cell(row, column)
        value = cell.value
        if value is None:  # a formula may have no value in the file
            return NOT_READ if self._is_formula(sheet, row, column) else ""
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
