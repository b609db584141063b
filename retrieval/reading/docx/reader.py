"""
Read Word files with python-docx: paragraphs, headings by style, tables and notes.

Headers and footers are no text, see `margins`. List numbers that Word computes are written out by `numbering`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrieval.reading.assembly.content import Metadata, Piece, content_of, shown_title
from retrieval.reading.assembly.line_breaks import divide_at_parts
from retrieval.reading.docx.chunks import chunk_pieces
from retrieval.reading.docx.cleanup import show_only_text
from retrieval.reading.docx.hidden_text import HiddenText
from retrieval.reading.docx.legacy_font import DocxLegacyFonts
from retrieval.reading.docx.margins import drawn_words, margins_of
from retrieval.reading.docx.notes import DocxNotes
from retrieval.reading.docx.numbering import Numbering
from retrieval.reading.docx.package import open_word
from retrieval.reading.docx.paragraph_text import text_of
from retrieval.reading.docx.superscripts import SuperscriptStyles
from retrieval.reading.docx.tables import is_frame, table_pieces
from retrieval.reading.docx.unread import unread_parts
from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

    from retrieval.reading.document import Content, Origin, Unread

_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(?P<level>[1-9])", re.IGNORECASE)
_LISTED = re.compile(r"(?:toc|mục lục)\s*(?:\d|heading)|table of (?:figures|authorities)|index \d", re.IGNORECASE)
_TITLE = re.compile(r"title|tên|tiêu đề|đầu đề", re.IGNORECASE)
_LONGEST_HEADING = 200  # characters
_DEEPEST = 3  # Word files embedded in one another


@dataclass(frozen=True, slots=True)
class _Word:
    """What is read of one file."""

    pieces: list[Piece]
    title: str
    origin: Origin
    unread: tuple[Unread, ...]
    margins: tuple[str, ...]


def read_word(data: bytes, source: str) -> Content:
    """Read a .docx file."""
    word = _read(data, source, depth=1)
    # Word fills in author, dates and title from its user, its template and an older file.
    metadata = Metadata(title=shown_title(word.title, word.pieces))
    content = content_of(word.pieces, metadata, origin=word.origin)
    return replace(content, unread=word.unread, margins=word.margins)


def _read(data: bytes, source: str, *, depth: int) -> _Word:
    document, has_macros = open_word(data, source)
    body = document.element.body
    hidden = HiddenText(document)
    drawn = drawn_words(body)
    show_only_text(body, hidden)
    legacy_fonts = DocxLegacyFonts(document)
    legacy_fonts.convert_below(body)
    raised = SuperscriptStyles(document)
    raised.mark(body)
    notes = DocxNotes(document, hidden, legacy_fonts, raised)
    chunks = _Chunks(document, source, depth)
    pieces = [*_pieces(document, notes, chunks), *notes.pieces()]
    return _Word(
        pieces,
        legacy_fonts.convert(document.core_properties.title or ""),
        legacy_fonts.origin,
        tuple(unread_parts(body, chunks=chunks.unread, has_macros=has_macros)),
        margins_of(document, hidden, legacy_fonts, drawn),
    )


@dataclass(slots=True)
class _Chunks:
    """The embedded files of one document."""

    document: WordDocument
    source: str
    depth: int
    unread: int = 0

    def pieces_of(self, chunk: Any) -> list[Piece]:  # noqa: ANN401 - XML elements, which have no types
        pieces = list(chunk_pieces(self.document, chunk, self._word))
        self.unread += not pieces
        return pieces

    def _word(self, data: bytes) -> list[Piece]:
        return _read(data, self.source, depth=self.depth + 1).pieces if self.depth < _DEEPEST else []


def _pieces(document: WordDocument, notes: DocxNotes, chunks: _Chunks) -> Iterator[Piece]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    numbering = Numbering(document)
    parent = document._body  # noqa: SLF001 - what python-docx itself gives
    for item in _items(document.element.body):
        name = str(item.tag).rpartition("}")[2]
        if name == "tbl":
            yield from table_pieces(Table(item, parent), numbering)
        elif name == "altChunk":
            yield from chunks.pieces_of(item)
        else:
            yield from _paragraph_pieces(Paragraph(item, parent), numbering, notes)


def _items(body: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Paragraphs, tables and embedded files, also inside a frame."""
    for item in find_all(body, "./w:p | ./w:tbl | ./w:altChunk"):
        if str(item.tag).endswith("}tbl") and is_frame(item):
            for cell in find_all(item, "./w:tr/w:tc"):
                yield from _items(cell)
        else:
            yield item


def _paragraph_pieces(paragraph: Paragraph, numbering: Numbering, notes: DocxNotes) -> Iterator[Piece]:
    """A paragraph, divided where a soft line break parts numbered parts."""
    number, depth = numbering.number_of(paragraph), numbering.depth_of(paragraph)
    first, *others = divide_at_parts(text_of(paragraph._p, "\n"))  # noqa: SLF001 - python-docx leaves out fields
    if _LISTED.match(_style_name(paragraph)):
        return
    styled = _level(paragraph) if first.strip() else 0
    level = styled if _may_head(first.strip()) else 0
    yield Piece(
        f"{number} {first}" if number and first.strip() else first,
        kind="heading" if level else "paragraph" if styled else None,
        level=level,
        notes=notes.markers_of(paragraph._p),  # noqa: SLF001 - as above
        depth=depth,
    )
    yield from (Piece(words, depth=depth) for words in others)


def _may_head(words: str) -> bool:
    """Whether a heading style is plausible; whole sentences get one for its looks."""
    return len(words) <= _LONGEST_HEADING and not words.endswith((".", ";", ",", "!"))


def _level(paragraph: Paragraph) -> int:
    """The heading level of the style: 0 body text, 1 title, 2 "Heading 1"."""
    name = _style_name(paragraph)
    if _TITLE.fullmatch(name):
        return 1
    if heading := _HEADING.match(name):
        return min(int(heading["level"]) + 1, 6)
    outline = find_value(paragraph._p, "./w:pPr/w:outlineLvl/@w:val")  # noqa: SLF001 - python-docx does not offer it
    return min(int(outline) + 2, 6) if outline and int(outline) < 9 else 0


def _style_name(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "") if style is not None else ""
