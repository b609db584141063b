"""
Read .ods: cells as they are shown, which the file stores beside their values.

Hidden sheets are not read; hidden rows and columns are, since filters and folded groups hide what belongs to the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, content_of
from retrieval.reading.assembly.sheet import Merge, Sheet, sheet_pieces, sheet_title
from retrieval.reading.document import Unread
from retrieval.reading.opendocument.package import find_all, open_document, qname, style_value
from retrieval.reading.opendocument.words import OpenDocumentWords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.document import Content
    from retrieval.reading.opendocument.package import OpenDocument

_MOST_ROWS = 200_000  # that are filled, of one sheet
_MOST_COLUMNS = 1024
_MOST_REPEATED = 1000  # filled cells or rows that one element stands for


def read_open_spreadsheet(data: bytes, source: str) -> Content:
    """Read an .ods file."""
    document = open_document(data, source, "spreadsheet")
    reader = _SpreadsheetReader(document)
    pieces = list(sheet_pieces(list(reader.sheets())))
    if not pieces:
        raise EmptyError(f"a document holds text, {source} has no visible cell with any: fill it or remove it")
    content = content_of(pieces, Metadata(title=sheet_title(pieces)), origin=reader.origin)
    return replace(content, unread=(*document.unread, *reader.unread))


class _SpreadsheetReader:
    """The visible sheets of a spreadsheet."""

    def __init__(self, document: OpenDocument) -> None:
        self._document = document
        self._words = OpenDocumentWords(document)
        self.origin = self._words.origin
        self.unread: list[Unread] = []

    def sheets(self) -> Iterator[Sheet]:
        """The visible sheets."""
        for table in find_all(self._document.body, "./table:table"):
            name = table.get(qname("table", "name")) or ""
            shown = style_value(
                self._document.styles,
                table.get(qname("table", "style-name")),
                "./style:table-properties/@table:display",
            )
            if shown == "false":
                self.unread.append(Unread("sheet", name=name))
                continue
            yield self._sheet(table, name)

    def _sheet(self, table: Any, name: str) -> Sheet:  # noqa: ANN401 - an lxml element, which has no types
        rows: list[list[str]] = []
        merges: list[Merge] = []
        for row, times in _repeated(find_all(table, ".//table:table-row"), "rows"):
            if len(rows) >= _MOST_ROWS:
                break
            words, spans = self._row(row)
            merges += (Merge(len(rows), len(rows) + high, at, at + wide) for at, (wide, high) in spans.items())
            rows += [words] * (min(times, _MOST_REPEATED) if any(words) else 1)
        width = max(map(len, rows), default=0)
        filled = [[*row, *[""] * (width - len(row))] for row in rows]
        return Sheet(name, filled, [merge for merge in merges if merge.right <= width and merge.bottom <= len(rows)])

    def _row(self, row: Any) -> tuple[list[str], dict[int, tuple[int, int]]]:  # noqa: ANN401 - as above
        """The words of a row's cells, and the merged ones by column: (columns, rows)."""
        words: list[str] = []
        spans: dict[int, tuple[int, int]] = {}
        for cell, times in _repeated(find_all(row, "./table:table-cell | ./table:covered-table-cell"), "columns"):
            text = " ".join(map(self._words.line_of, find_all(cell, "./text:p")))
            wide, high = (int(cell.get(qname("table", f"number-{of}-spanned")) or 1) for of in ("columns", "rows"))
            if (wide, high) != (1, 1):
                spans[len(words)] = (wide, high)
            words += [text] * min(times, _MOST_REPEATED if text else _MOST_COLUMNS)
            if len(words) > _MOST_COLUMNS:
                break
        while words and not words[-1]:
            words.pop()
        return words[:_MOST_COLUMNS], spans


def _repeated(elements: Sequence[Any], of: str) -> Iterator[tuple[Any, int]]:
    """Each element with the number of rows or columns that it stands for."""
    for element in elements:
        yield element, int(element.get(qname("table", f"number-{of}-repeated")) or 1)
