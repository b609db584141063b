"""
Read .odt: headings, computed list numbers, tables row by row, text boxes, footnotes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import EmptyError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line, with_notes
from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.assembly.merged_cells import Cell, rows_of_words
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.opendocument.package import find_all, open_document, qname, style_value
from retrieval.reading.opendocument.words import OpenDocumentWords
from retrieval.reading.text.characters import to_superscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.reading.document import Content
    from retrieval.reading.opendocument.package import OpenDocument

_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BOXES = ".//*[self::draw:text-box or self::draw:custom-shape][not(ancestor::text:note)]"
_LONGEST_HEADING = 250  # characters
_MOST_REPEATED = 1000  # cells or rows that one element stands for


def read_open_text(data: bytes, source: str) -> Content:
    """Read an .odt or .ott file."""
    document = open_document(data, source, "text")
    reader = _TextReader(document)
    pieces = with_notes(list(reader.pieces(document.body)), list(reader.notes()))
    if not any(piece.text for piece in pieces):
        raise EmptyError(f"a document holds text, {source} has none: fill it or remove it")
    content = content_of(pieces, Metadata(), origin=reader.origin)
    return replace(content, unread=document.unread, margins=tuple(reader.margins()))


class _TextReader:
    """The paragraphs of a text document, in reading order."""

    def __init__(self, document: OpenDocument) -> None:
        self._document = document
        self._words = OpenDocumentWords(document)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)  # by list style, then level
        self.origin = self._words.origin

    def pieces(self, element: Any, level: int = 0, style: str = "") -> Iterator[Piece]:  # noqa: ANN401 - an lxml element, which has no types
        """The pieces below an element; `level` and `style` are those of the list around it."""
        for child in element:
            if child.tag == qname("text", "h"):
                yield from self._heading(child)
            elif child.tag == qname("text", "p"):
                yield from self._paragraph(child, depth=level)
            elif child.tag == qname("text", "list"):
                yield from self._list(child, level + 1, style)
            elif child.tag == qname("table", "table"):
                yield from row_pieces(self._rows(child), headed=bool(find_all(child, "./table:table-header-rows")))
            else:
                yield from self.pieces(child, level, style)

    def margins(self) -> Iterator[str]:
        """The lines of headers and footers, in which a mark of secrecy may stand."""
        for paragraph in self._document.margins:
            yield from self._words.lines_of(paragraph)

    def notes(self) -> Iterator[Piece]:
        """The footnotes and endnotes."""
        for note in find_all(self._document.body, ".//text:note"):
            label = "".join("".join(each.itertext()) for each in find_all(note, "./text:note-citation")).strip()
            words = " ".join(map(self._words.line_of, find_all(note, "./text:note-body//text:p")))
            marker = to_superscript(label)
            yield Piece(f"{marker} {words}", kind="footnote", marker=label)

    def _heading(self, heading: Any, number: str = "") -> Iterator[Piece]:  # noqa: ANN401 - as above
        words = self._words.line_of(heading)
        level = min(int(heading.get(qname("text", "outline-level")) or 1) + 1, 6)
        is_heading = len(words) <= _LONGEST_HEADING and not words.endswith((".", ";", ",", "!"))
        yield Piece(
            f"{number} {words}".strip(),
            kind="heading" if is_heading else "paragraph",
            level=level if is_heading else 0,
        )
        yield from self._boxes(heading)

    def _paragraph(self, paragraph: Any, number: str = "", depth: int = 0) -> Iterator[Piece]:  # noqa: ANN401 - as above
        title = style_value(
            self._document.styles,
            paragraph.get(qname("text", "style-name")),
            "self::*[@style:name='Title']/@style:name",
        )
        for at, line in enumerate(self._words.lines_of(paragraph)):
            words = line if at else f"{number} {line}".strip()
            yield Piece(words, kind="heading" if title else None, level=1 if title else 0, depth=depth)
        yield from self._boxes(paragraph)

    def _boxes(self, paragraph: Any) -> Iterator[Piece]:  # noqa: ANN401 - as above
        """The texts of the boxes that are anchored in a paragraph."""
        for box in find_all(paragraph, _BOXES):
            yield from self.pieces(box)

    def _list(self, items: Any, level: int, outer: str) -> Iterator[Piece]:  # noqa: ANN401 - as above
        style = items.get(qname("text", "style-name")) or outer
        counts = self._counts[style]
        if (
            level == 1
            and items.get(qname("text", "continue-numbering")) != "true"
            and not items.get(qname("text", "continue-list"))
        ):
            counts.clear()
        for item in items:
            number = ""
            if item.tag == qname("text", "list-item"):
                number = self._number(item, style, level)
            for child in item:
                if child.tag == qname("text", "p"):
                    yield from self._paragraph(child, number, level)
                elif child.tag == qname("text", "h"):
                    yield from self._heading(child, number)
                else:
                    yield from self.pieces([child], level, style)
                number = ""

    def _number(self, item: Any, style: str, level: int) -> str:  # noqa: ANN401 - as above
        """The number of a list item; "" for a bullet or a mere wrapper."""
        if len(item) and item[0].tag == qname("text", "list"):
            return ""
        counts = self._counts[style]
        form = self._level_style(style, level)
        start = item.get(qname("text", "start-value")) or (
            form.get(qname("text", "start-value")) if form is not None else ""
        )
        restarts = item.get(qname("text", "start-value")) or level not in counts
        counts[level] = int(start or 1) if restarts else counts[level] + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        kind = form.get(qname("style", "num-format")) if form is not None else ""
        if kind not in _FORMATS:
            return ""
        shown = int(form.get(qname("text", "display-levels")) or 1)
        numbers = [
            format_number(counts[each], _FORMATS[kind if each == level else "1"])
            for each in range(max(1, level - shown + 1), level + 1)
            if each in counts
        ]
        prefix, suffix = form.get(qname("style", "num-prefix")) or "", form.get(qname("style", "num-suffix")) or ""
        return f"{prefix}{'.'.join(numbers)}{suffix}"

    def _level_style(self, style: str, level: int) -> Any:  # noqa: ANN401 - as above
        known = self._document.list_styles.get(style)
        found = [] if known is None else find_all(known, f"./text:list-level-style-number[@text:level='{level}']")
        return found[0] if found else None

    def _rows(self, table: Any) -> list[list[str]]:  # noqa: ANN401 - as above
        rows = find_all(
            table, "./table:table-row | ./table:table-header-rows/table:table-row | ./table:table-rows/table:table-row"
        )
        return rows_of_words([list(self._cells(row)) for row in rows])

    def _cells(self, row: Any) -> Iterator[Cell]:  # noqa: ANN401 - as above
        for cell in find_all(row, "./table:table-cell"):
            words = in_one_line(" ".join(self._cell_parts(cell)))
            columns, rows = (int(cell.get(qname("table", f"number-{of}-spanned")) or 1) for of in ("columns", "rows"))
            repeated = min(int(cell.get(qname("table", "number-columns-repeated")) or 1), _MOST_REPEATED)
            yield from [Cell(words, columns, rows)] * repeated

    def _cell_parts(self, cell: Any) -> Iterator[str]:  # noqa: ANN401 - as above
        for piece in self.pieces(cell):
            yield piece.text
