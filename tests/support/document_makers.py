"""
Write real files for the format tests with python-docx, fpdf2 and zipfile.
"""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import matplotlib as mpl
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
    ".html": lambda document: html_of(paragraphs_in(document), document.title),
}
