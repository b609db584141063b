"""
Read .rtf by writing its paragraphs and tables as a Word document.

So runs, headings, merged cells, notes and legacy fonts are read as in a .docx.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from retrieval.errors import BrokenError
from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.docx.reader import read_word
from retrieval.reading.office.rtf_document import Paragraph, Row
from retrieval.reading.office.rtf_parser import parse_rtf
from retrieval.reading.text.legacy_font import legacy_font_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docx.document import Document as WordDocument

    from retrieval.reading.document import Content
    from retrieval.reading.office.rtf_document import RtfCell, RtfDocument, Run

_HEADING = re.compile(r"title$|heading \d$", re.IGNORECASE)
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SIGNATURE = b"{\\rtf"
_SPECIAL = {"\t": "<w:tab/>", "\n": "<w:br/>", "\u00ad": "<w:softHyphen/>", "\u2011": "<w:noBreakHyphen/>"}
_LIKE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"


def read_rtf(data: bytes, source: str) -> Content:
    """Read an .rtf file."""
    if not data.lstrip().startswith(_SIGNATURE):
        raise BrokenError(
            rf"an .rtf begins with {{\rtf, {source} does not: open it in its own program and save it again"
        )
    rtf = parse_rtf(data)
    return replace(read_word(_as_docx(rtf), source), margins=tuple(_lines(rtf.margins)))


def _lines(margins: Sequence[Paragraph]) -> Iterator[str]:
    """The lines of headers and footers, by their own fonts in Unicode."""
    for paragraph in margins:
        words = (_in_unicode(run.text, run.font) for run in paragraph.runs)
        if line := in_one_line("".join(words)):
            yield line


def _in_unicode(words: str, font: str) -> str:
    legacy = legacy_font_named(font)
    return legacy.in_font(words, font) if legacy else words


def _as_docx(rtf: RtfDocument) -> bytes:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    # Others of its styles would number paragraphs that have their number already.
    styles = {style.name.lower(): style.style_id for style in document.styles if _HEADING.match(style.name or "")}
    body = document.element.body
    for child in list(body):
        body.remove(child)
    endnotes = frozenset(rtf.endnotes)
    for is_row, items in groupby(rtf.items, lambda item: isinstance(item, Row)):
        writer = _Writer(styles, endnotes)
        run = list(items)
        xml = writer.table([item for item in run if isinstance(item, Row)]) if is_row else writer.paragraphs(run)
        body.extend(parse_xml(f"<w:body {_NAMESPACE}>{xml}</w:body>"))
    for kind in ("footnote", "endnote"):
        own = [place for place in range(len(rtf.notes)) if (place in endnotes) == (kind == "endnote")]
        if own:
            _add_notes(document, kind, {place: rtf.notes[place] for place in own})
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_notes(document: WordDocument, kind: str, notes: dict[int, Sequence[Paragraph]]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    writer = _Writer({}, frozenset())
    words = "".join(
        f'<w:{kind} w:id="{place}">{writer.paragraphs(paragraphs)}</w:{kind}>' for place, paragraphs in notes.items()
    )
    xml = f"<w:{kind}s {_NAMESPACE}>{words}</w:{kind}s>".encode()
    part = Part(PackURI(f"/word/{kind}s.xml"), _LIKE.format(f"{kind}s"), xml, document.part.package)
    document.part.relate_to(part, _RELATION.format(f"{kind}s"))


class _Writer:
    """WordprocessingML out of paragraphs and rows."""

    def __init__(self, styles: dict[str, str], endnotes: frozenset[int]) -> None:
        self._styles = styles
        self._endnotes = endnotes

    def paragraphs(self, paragraphs: Iterable[object]) -> str:
        """Paragraphs below one another."""
        return "".join(self._paragraph(each) for each in paragraphs if isinstance(each, Paragraph))

    def table(self, rows: Sequence[Row]) -> str:
        """One table; its grid has a line at every edge of a cell."""
        edges = sorted({cell.right for row in rows for cell in row.cells})
        grid = "<w:gridCol/>" * len(edges)
        words = "".join(self._row(row, edges) for row in rows)
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{words}</w:tbl>"

    def _row(self, row: Row, edges: list[int]) -> str:
        header = "<w:trPr><w:tblHeader/></w:trPr>" if row.is_header else ""
        return f"<w:tr>{header}{''.join(self._cells(row.cells, edges))}</w:tr>"

    def _cells(self, cells: Sequence[RtfCell], edges: list[int]) -> Iterator[str]:
        left = 0
        for place, cell in enumerate(cells):
            if cell.horizontal and place:
                continue
            right = next((it.right for it in reversed(cells[place + 1 :]) if it.horizontal), cell.right)
            span = max(1, sum(left < edge <= right for edge in edges))
            left = max(left, right)
            merge = {"": "", "first": '<w:vMerge w:val="restart"/>', "next": "<w:vMerge/>"}[cell.vertical]
            words = self.paragraphs(cell.paragraphs) or "<w:p/>"
            yield f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{words}</w:tc>'

    def _paragraph(self, paragraph: Paragraph) -> str:
        style = self._styles.get(paragraph.style.lower())
        looks = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
        if paragraph.outline is not None and 0 <= paragraph.outline < 9:
            looks += f'<w:outlineLvl w:val="{paragraph.outline}"/>'
        runs = groupby(paragraph.runs, lambda run: (run.font, run.raised, run.note))
        return f"<w:p><w:pPr>{looks}</w:pPr>{''.join(self._run(list(group)) for _, group in runs)}</w:p>"

    def _run(self, runs: Sequence[Run]) -> str:
        first = runs[0]
        if first.note is not None:
            kind = "endnote" if first.note in self._endnotes else "footnote"
            return f'<w:r><w:{kind}Reference w:id="{first.note}"/></w:r>'
        font = f"<w:rFonts w:ascii={quoteattr(_clean(first.font))} w:hAnsi={quoteattr(_clean(first.font))}/>"
        looks = (font if first.font else "") + ('<w:vertAlign w:val="superscript"/>' if first.raised else "")
        return f"<w:r><w:rPr>{looks}</w:rPr>{''.join(_texts(''.join(run.text for run in runs)))}</w:r>"


def _texts(words: str) -> Iterator[str]:
    """The text elements of a run; breaks and hyphens are elements of their own."""
    for is_special, chars in groupby(_clean(words), _SPECIAL.__contains__):
        if is_special:
            yield from (_SPECIAL[char] for char in chars)
        else:
            yield f'<w:t xml:space="preserve">{escape("".join(chars))}</w:t>'


def _clean(words: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        char
        for char in words
        if char in "\t\n" or (char >= " " and not 0xD800 <= ord(char) < 0xE000 and char < "\ufffe") or char > "\uffff"
    )
