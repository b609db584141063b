"""
Read .xls, Excel's format of before 2007, with xlrd: cells as they are shown.

Formulas have the values that Excel stored. Hidden sheets are not read; hidden rows and columns are, since filters and
folded groups hide what belongs to the text.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError, LockedError
from retrieval.reading.assembly.content import Metadata, content_of
from retrieval.reading.assembly.number_format import shown_date, shown_number
from retrieval.reading.assembly.sheet import Merge, Sheet, sheet_pieces, sheet_title
from retrieval.reading.document import Unread
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content

_STREAMS = ("Workbook", "Book")  # of Excel since 97, and before


def read_old_spreadsheet(data: bytes, source: str) -> Content:
    """Read an .xls file."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=_workbook_stream(data), formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" not in str(error).lower():
            raise
        raise LockedError(f"a document can be read without a password, {source} cannot: save it without one") from None
    reader = _BookReader(book)
    sheets = list(reader.sheets())
    pieces = list(sheet_pieces(sheets))
    if not pieces:
        raise EmptyError(f"a document holds text, {source} has no visible cell with any: fill it or remove it")
    return replace(
        content_of(pieces, Metadata(title=sheet_title(pieces)), origin=reader.origin), unread=tuple(reader.unread)
    )


def _workbook_stream(data: bytes) -> bytes:
    """
    The workbook out of its container; a bare one as it is.

    Through olefile, since xlrd follows sectors that refer to each other for ever.
    """
    import olefile

    if not olefile.isOleFile(data=data):
        return data
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        name = next((name for name in _STREAMS if container.exists(name)), _STREAMS[0])
        return bytes(container.openstream(name).read())


class _BookReader:
    """The sheets of a workbook, their legacy fonts converted."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlrd publishes no types
        self._book = book
        self._visible = [sheet for sheet in book.sheets() if not sheet.visibility]
        self._decoder = LegacyDecoder(
            run for sheet in self._visible for place in _places(sheet) for run in self._runs(sheet, *place)
        )
        self.origin = self._decoder.origin
        self.unread = [Unread("sheet", name=sheet.name) for sheet in book.sheets() if sheet.visibility and sheet.nrows]

    def sheets(self) -> Iterator[Sheet]:
        """The visible sheets."""
        for sheet in self._visible:
            if not sheet.nrows:
                continue
            cells = [[self._words(sheet, row, column) for column in range(sheet.ncols)] for row in range(sheet.nrows)]
            merges = [Merge(*merged) for merged in sheet.merged_cells if merged[1] <= sheet.nrows]
            yield Sheet(sheet.name, cells, merges)

    def _words(self, sheet: Any, row: int, column: int) -> str:  # noqa: ANN401 - as above
        if column >= sheet.row_len(row):
            return ""
        cell = sheet.cell(row, column)
        if cell.ctype == _TEXT:
            return "".join(self._decoder.decode(words, font) for font, words in self._runs(sheet, row, column))
        return self._value(cell)

    def _value(self, cell: Any) -> str:  # noqa: ANN401 - as above
        import xlrd

        form = self._book.format_map[self._book.xf_list[cell.xf_index].format_key].format_str
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            return shown_number(cell.value, form)
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                moment: datetime = xlrd.xldate_as_datetime(cell.value, self._book.datemode)
            except (ValueError, OverflowError):
                return shown_number(cell.value, "General")
            return shown_date(moment, form)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        return str(xlrd.error_text_from_code.get(cell.value, "")) if cell.ctype == xlrd.XL_CELL_ERROR else ""

    def _runs(self, sheet: Any, row: int, column: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as above
        """The font and words of each run of a text cell."""
        cell = sheet.cell(row, column)
        if cell.ctype != _TEXT:
            return
        fonts = self._book.font_list
        starts = [
            (0, self._book.xf_list[cell.xf_index].font_index),
            *sheet.rich_text_runlist_map.get((row, column), ()),
        ]
        ends = [*(start for start, _ in starts[1:]), len(cell.value)]
        for (start, font), end in zip(starts, ends, strict=True):
            if start < end:
                yield fonts[font].name if font < len(fonts) else "", cell.value[start:end]


_TEXT = 1  # xlrd.XL_CELL_TEXT


def _places(sheet: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - as above
    """The cells that hold something."""
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind not in (0, 6):  # empty, and blank but formatted
                yield row, column
