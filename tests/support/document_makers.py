"""
Write real files for the format tests with python-docx, fpdf2, xlwt and zipfile.
"""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import matplotlib as mpl
import xlwt
from fpdf import FPDF

from retrieval.reading.text.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrieval.reading.document import Document

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"


class Paper(FPDF):
    """A PDF with Vietnamese letters, a running header and a page number."""

    def __init__(self, header: str = "", footer: str = "") -> None:
        super().__init__()
        self._words = (header, footer)
        self.add_font("Deja", fname=FONTS / "DejaVuSans.ttf")
        self.add_font("Deja", "B", fname=FONTS / "DejaVuSans-Bold.ttf")
        self.add_page()

    def header(self) -> None:
        self.set_font("Deja", size=8)
        self.cell(0, 6, self._words[0], new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Deja", size=8)
        self.cell(0, 6, self._words[1].format(self.page_no()), align="C")

    def finished(self) -> bytes:
        """The file; fpdf2 leaves its fonts open."""
        data = bytes(self.output())
        for font in self.fonts.values():
            font.ttfont.close()
        return data

    def write_paragraph(self, words: str, *, size: float = 11, style: str = "", gap: float = 3) -> None:
        self.set_font("Deja", style, size)
        self.multi_cell(0, 6, words, new_x="LMARGIN", new_y="NEXT")
        self.ln(gap)


# A text that is read in 160 MB of address space, analyzed in 330, and what lies between: half of its words are numbers.
THIRSTY = " ".join(f"{number}/2022/NĐ-CP" for number in range(125_000))
THIRST = 240 * 1024**2


def pdf_of(paragraphs: Sequence[str], header: str = "", footer: str = "") -> bytes:
    """Paragraphs below one another, as many pages as they fill."""
    paper = Paper(header, footer)
    for words in paragraphs:
        paper.write_paragraph(words)
    return paper.finished()


def docx_of(paragraphs: Sequence[str]) -> bytes:
    """Paragraphs without styles."""
    return saved(docx.Document(), paragraphs)


def saved(document: object, paragraphs: Sequence[str] = ()) -> bytes:
    """The bytes of a python-docx document, after adding paragraphs."""
    for words in paragraphs:
        document.add_paragraph(words)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def html_of(paragraphs: Sequence[str], title: str) -> bytes:
    """A page with a menu and a foot around an article."""
    article = "".join(f"<p>{html.escape(words)}</p>" for words in paragraphs)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{html.escape(title)}</title></head><body>"
        f"<nav><a href=/>Trang chủ</a><a href=/b>Thời sự</a></nav><article><h1>{html.escape(title)}</h1>{article}"
        "</article><footer>Số lượt xem: 12</footer></body></html>"
    ).encode()


def rtf_of(paragraphs: Sequence[str], fonts: str = r"{\f0 Times New Roman;}") -> bytes:
    """Paragraphs in RTF, letters beyond ASCII as code points."""
    words = "".join(f"{rtf_text(text)}\\par\n" for text in paragraphs)
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{fonts}}}{words}}}".encode("ascii")


def rtf_text(text: str) -> str:
    """Words of an RTF file, as Word writes them: below U+0100 as bytes of the code page."""
    return "".join(map(_rtf_char, text))


def _rtf_char(char: str) -> str:
    if char in "\\{}":
        return f"\\{char}"
    if char.isascii():
        return char
    return f"\\'{ord(char):02x}" if 0xA0 <= ord(char) < 0x100 else f"\\u{ord(char)}?"


def xls_of(rows: Sequence[Sequence[object]], font: str = "Arial", name: str = "Sheet1") -> bytes:
    """One sheet of an .xls with these cells."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    style = xlwt.easyxf(f"font: name {font}")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(row, column, value, style)
    return xls_bytes(book)


def xls_bytes(book: xlwt.Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def epub_of(paragraphs: Sequence[str]) -> bytes:
    """A book of one page."""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="p.opf"/></rootfiles></container>'
    )
    page = f"<html><body>{''.join(f'<p>{html.escape(words)}</p>' for words in paragraphs)}</body></html>"
    parts = {"META-INF/container.xml": container, "p.opf": package, "a.xhtml": page}
    return zip_of({name: text.encode() for name, text in parts.items()})


def zip_of(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def lines_in(document: Document) -> list[str]:
    """Every line of a text document, page furniture included."""
    return [line.text for line in lines_of(document.text)]


def paragraphs_in(document: Document) -> list[str]:
    """The words of each paragraph, white space apart."""
    return [" ".join(document.text_of(block).split()) for block in document.blocks if block.kind == "paragraph"]


FORMATS: dict[str, Callable[[Document], bytes]] = {
    ".docx": lambda document: docx_of(lines_in(document)),
    ".pdf": lambda document: pdf_of(lines_in(document), "Tài liệu nội bộ của cơ quan", "Trang {}/9"),
    ".rtf": lambda document: rtf_of(lines_in(document)),
    ".html": lambda document: html_of(paragraphs_in(document), document.title),
}
