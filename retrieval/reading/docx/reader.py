"""
Read .docx with python-docx: paragraphs, headings by style, tables and notes.

Headers and footers are not read. List numbers that Word computes are written out by `numbering`.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from retrieval.errors import LockedError, SizeError
from retrieval.reading.assembly.content import Metadata, Piece, content_of, in_one_line
from retrieval.reading.assembly.table_rows import row_pieces
from retrieval.reading.docx.legacy_font import DocxLegacyFonts
from retrieval.reading.docx.notes import DocxNotes
from retrieval.reading.docx.numbering import Numbering
from retrieval.reading.docx.superscripts import SuperscriptStyles
from retrieval.reading.docx.xml import find_all, find_value, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument
    from docx.oxml.table import CT_Tc
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

    from retrieval.reading.document import Content

_MAX_UNPACKED = 256 * 1024 * 1024  # bytes of all parts, images included
_OLE = b"\xd0\xcf\x11\xe0"  # the first bytes of Office's older container; a .docx in it is encrypted
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(?P<level>[1-9])", re.IGNORECASE)
_CONTENTS = "./w:sdtPr/w:docPartObj/w:docPartGallery/@w:val='Table of Contents'"
_HEADER = "./w:tr[1]/w:trPr/w:tblHeader[not(@w:val='0' or @w:val='false' or @w:val='off')]"
_TITLE = re.compile(r"title|tên|tiêu đề|đầu đề", re.IGNORECASE)
_LONGEST_HEADING = 200  # characters
# Titles that programs fill in by themselves.
_PROGRAM_TITLE = re.compile(
    r"(?:microsoft )?word\b.*|document\d*|untitled.*|.*\.(?:docx?|rtf|odt|pdf)|[\W\d_]*", re.IGNORECASE
)
_PROGRAM_AUTHOR = re.compile(r"python-docx|admin(?:istrator)?|user|pc|microsoft.*|windows user|[\W\d_]*", re.IGNORECASE)


def read_word(data: bytes, source: str) -> Content:
    """Read a .docx file."""
    import docx

    _refuse_old_or_huge(data, source)
    document = docx.Document(io.BytesIO(data))
    legacy_fonts = DocxLegacyFonts(document)
    legacy_fonts.convert_below(document.element.body)
    raised = SuperscriptStyles(document)
    raised.mark(document.element.body)
    notes = DocxNotes(document, legacy_fonts, raised)
    return content_of(
        [*_pieces(document, notes), *notes.pieces()], _metadata(document, legacy_fonts), origin=legacy_fonts.origin
    )


def _refuse_old_or_huge(data: bytes, source: str) -> None:
    if data.startswith(_OLE):
        raise LockedError(
            f"a document can be read without a password, {source} cannot, or it is in Word's format of before 2007: "
            "save it as .docx without a password"
        )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > _MAX_UNPACKED:
        raise SizeError(
            f"a .docx unpacks to at most {_MAX_UNPACKED:,} bytes, {source} to {unpacked:,}: "
            "split it, or make its pictures smaller"
        )


def _pieces(document: WordDocument, notes: DocxNotes) -> Iterator[Piece]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    numbering = Numbering(document)
    for item in _items(document.element.body):
        if str(item.tag).endswith("}tbl"):
            yield from _rows(Table(item, document._body), numbering)  # noqa: SLF001 - what python-docx itself gives
        else:
            yield _piece(Paragraph(item, document._body), numbering, notes)  # noqa: SLF001 - as above


def _items(body: Any) -> Iterator[Any]:  # noqa: ANN401 - XML elements, which have no types
    """Paragraphs and tables, also inside content controls, but no table of contents."""
    for item in find_all(body, f"./w:p | ./w:tbl | ./w:sdt[not({_CONTENTS})]/w:sdtContent | ./w:ins | ./w:customXml"):
        if str(item.tag).endswith(("}p", "}tbl")):
            yield item
        else:
            yield from _items(item)


def _piece(paragraph: Paragraph, numbering: Numbering, notes: DocxNotes) -> Piece:
    number = numbering.number_of(paragraph)
    words = text_of(paragraph._p)  # noqa: SLF001 - python-docx leaves out tracked insertions and fields
    styled = _level(paragraph) if words.strip() else 0
    level = styled if _may_head(words.strip()) else 0
    return Piece(
        f"{number} {words}" if number and words.strip() else words,
        kind="heading" if level else "paragraph" if styled else None,
        level=level,
        notes=notes.markers_of(paragraph._p),  # noqa: SLF001 - as above
    )


def _may_head(words: str) -> bool:
    """Whether a heading style is plausible; whole sentences get one for its looks."""
    return len(words) <= _LONGEST_HEADING and not words.endswith((".", ";", ",", "!"))


def _level(paragraph: Paragraph) -> int:
    """The heading level of the style: 0 body text, 1 title, 2 "Heading 1"."""
    style = paragraph.style
    name = (style.name or "") if style is not None else ""
    if _TITLE.fullmatch(name):
        return 1
    if heading := _HEADING.match(name):
        return min(int(heading["level"]) + 1, 6)
    outline = find_value(paragraph._p, "./w:pPr/w:outlineLvl/@w:val")  # noqa: SLF001 - python-docx does not offer it
    return min(int(outline) + 2, 6) if outline and int(outline) < 9 else 0


def _rows(table: Table, numbering: Numbering) -> Iterator[Piece]:
    words: dict[CT_Tc, str] = {}  # by cell; merged cells are read once, since their lists count
    rows = [_cells(row, numbering, words) for row in table.rows]
    yield from row_pieces(rows, headed=bool(find_all(table._tbl, _HEADER)))  # noqa: SLF001 - python-docx does not offer it


def _cells(row: _Row, numbering: Numbering, words: dict[CT_Tc, str]) -> list[str]:
    """The text of each cell; a cell merged over columns counts once."""
    cells = {cell._tc: cell for cell in row.cells}  # noqa: SLF001 - merged cells share their XML
    for place, cell in cells.items():
        if place not in words:
            words[place] = in_one_line(" ".join(_parts(cell, numbering)))
    return [*[""] * row.grid_cols_before, *(words[place] for place in cells), *[""] * row.grid_cols_after]


def _parts(cell: _Cell, numbering: Numbering) -> Iterator[str]:
    from docx.table import Table

    for item in cell.iter_inner_content():
        if isinstance(item, Table):
            yield "; ".join(piece.text for piece in _rows(item, numbering))
        else:
            yield f"{numbering.number_of(item)} {text_of(item._p)}"  # noqa: SLF001 - as above


def _metadata(document: WordDocument, legacy_fonts: DocxLegacyFonts) -> Metadata:
    """Title and author, unless a program filled them in; "modified" is no publication date."""
    properties = document.core_properties
    title, author = (in_one_line(legacy_fonts.convert(words or "")) for words in (properties.title, properties.author))
    return Metadata(
        title="" if _PROGRAM_TITLE.fullmatch(title) else title,
        author="" if _PROGRAM_AUTHOR.fullmatch(author) else author,
    )
