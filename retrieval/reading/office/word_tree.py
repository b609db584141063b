"""
The tree that office_oxide makes of a .doc, as pieces.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line
from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.assembly.merged_cells import Cell, rows_of_words
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.document import Unread
from retrieval.reading.text.characters import to_superscript
from retrieval.reading.text.legacy_decoder import LegacyDecoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.reading.document import Content

_LONGEST_HEADING = 200  # characters
_NOTES = {"footnote": "decimal", "endnote": "lowerRoman"}  # as Word numbers them
_TEXTS = ("paragraph", "heading")
_Element = dict[str, Any]  # "type", and what belongs to it


class WordTree:
    """A document out of office_oxide's elements, in reading order."""

    def __init__(self, elements: Sequence[_Element]) -> None:
        self._elements = elements
        self._decoder = LegacyDecoder(("", _words(each)) for each in _walk(elements) if each["type"] in _TEXTS)

    @property
    def is_incomplete(self) -> bool:
        """Whether the file has legacy fonts, lists or notes, which the tree tells in part."""
        return bool(self._decoder.origin) or any(each["type"] in ("list", *_NOTES) for each in _walk(self._elements))

    def in_unicode(self, words: str) -> str:
        """Words beside the text, in the letters of the text's legacy font."""
        return self._decoder.decode_any(words)

    def content(self) -> Content:
        """The content: its paragraphs and tables, then its notes."""
        pieces = [piece for element in self._elements for piece in self._pieces(element)]
        content = content_of([*pieces, *self._notes()], Metadata(), origin=self._decoder.origin)
        pictures = sum(each["type"] == "image" for each in _walk(self._elements))
        return replace(content, unread=(Unread("picture", count=pictures),) if pictures else ())

    def _pieces(self, element: _Element) -> Iterator[Piece]:
        if element["type"] == "table":
            is_headed = any(row.get("is_header") for row in element["rows"][:1])
            yield from row_pieces(self._rows(element), headed=is_headed)
        elif element["type"] in _TEXTS:
            yield self._piece(element)
        elif element["type"] not in _NOTES:
            is_list = element["type"] == "list"
            for piece in (piece for child in _children(element) for piece in self._pieces(child)):
                yield replace(piece, depth=piece.depth + is_list) if not piece.is_row else piece

    def _piece(self, element: _Element) -> Piece:
        words = self._decoder.decode(_words(element))
        is_heading = element["type"] == "heading" and _may_head(words.strip())
        return Piece(words, kind="heading", level=min(element["level"] + 1, 6)) if is_heading else Piece(words)

    def _rows(self, table: _Element) -> list[list[str]]:
        return rows_of_words(
            [Cell(self._joined(cell["content"]), cell["col_span"], cell["row_span"]) for cell in row["cells"]]
            for row in table["rows"]
        ) or [[]]

    def _notes(self) -> Iterator[Piece]:
        for kind, form in _NOTES.items():
            notes = (each for each in _walk(self._elements) if each["type"] == kind)
            for number, note in enumerate(notes, 1):
                yield Piece(self._joined(note["content"]), kind="footnote", marker=format_number(number, form))

    def _joined(self, elements: Sequence[_Element]) -> str:
        """The paragraphs and inner tables of a cell or note in one line."""
        pieces = (piece for element in elements for piece in self._pieces(element))
        return in_one_line(" ".join(piece.text for piece in pieces))


def _may_head(words: str) -> bool:
    """Whether a heading is stated: office_oxide also takes lines in capitals for headings."""
    return (
        any(map(str.isalpha, words))
        and not words.isupper()
        and len(words) <= _LONGEST_HEADING
        and not words.endswith((".", ";", ",", "!"))
    )


def _walk(elements: Iterable[_Element]) -> Iterator[_Element]:
    """All elements with those inside them, in reading order."""
    for element in elements:
        yield element
        yield from _walk(_children(element))


def _children(element: _Element) -> Iterator[_Element]:
    if element["type"] in _TEXTS:
        return
    for row in element.get("rows", ()):
        for cell in row["cells"]:
            yield from cell["content"]
    for item in element.get("items", ()):
        yield from item["content"]
        yield from filter(None, [item.get("nested")])
    yield from element.get("content") or ()


def _words(element: _Element) -> str:
    """The words of a paragraph, without those that are struck out."""
    return "".join(map(_run, element["content"]))


def _run(run: _Element) -> str:
    if run["type"] != "text":
        return " " if run["type"] == "line_break" else ""
    if run.get("strikethrough"):
        return ""
    return to_superscript(run["text"]) if run.get("vertical_align") == "superscript" else str(run["text"])
