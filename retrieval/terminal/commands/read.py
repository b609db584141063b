"""
`trichdan read`: what the reader makes of one file, without an index.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from retrieval.answering.quote import ORIGINS, UNDATED
from retrieval.passage import sections_of
from retrieval.reading.document import Block, BlockKind, Document
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.ocr_cache import OcrCache
from retrieval.reading.sandbox.process import Sandbox
from retrieval.terminal.output.unread import unread_text

_KINDS: dict[BlockKind, str] = {
    "paragraph": "đoạn",
    "heading": "đề mục",
    "caption": "chú thích ảnh",
    "footnote": "chú thích",
}


@dataclass(frozen=True, slots=True)
class ReadParagraph:
    """A paragraph or heading as it was read."""

    kind: BlockKind
    text: str
    section: tuple[str, ...]  # headings above it, outermost first
    page: int | None  # from 1; None in formats without pages
    notes: tuple[str, ...]  # labels of the footnotes that it refers to, or its own label


def read_file(file: Path, *, ocr: bool = False) -> Document:
    """
    Read a file as an index would, in the sandbox; `ocr`: recognise scanned pages.

    Raises:
        DocumentError: it cannot be read.
    """
    if not ocr:
        return read_document(file, file.parent)
    with (
        tempfile.TemporaryDirectory(prefix="trichdan-read-") as folder,
        Sandbox(ocr_cache=OcrCache(Path(folder), runs_ocr=True)) as sandbox,
    ):
        return read_document(file, file.parent, sandbox=sandbox)


def read_paragraphs(document: Document) -> Iterator[ReadParagraph]:
    """The paragraphs and headings in reading order."""
    for block, section in sections_of(document):
        text = document.text_of(block)
        if block.kind == "heading" and not _is_whole_line(document, block):
            continue  # the number that opens a clause
        notes = (block.marker,) if block.kind == "footnote" else block.notes
        yield ReadParagraph(block.kind, text, section, block.page, notes)


def document_json(document: Document) -> dict[str, object]:
    """The contract of `trichdan read --json`; what is not known is null."""
    return {
        "source": document.source,
        "title": document.title or None,
        "number": document.number or None,
        "issuer": document.publisher or None,
        "author": document.author or None,
        "published": document.published.isoformat() if document.published else None,
        "origin": document.origin or None,
        "paragraphs": [
            {**asdict(each), "section": list(each.section), "notes": list(each.notes)}
            for each in read_paragraphs(document)
        ],
        "unread": [{**asdict(unread), "name": unread.name or None} for unread in document.unread],
    }


def show_document(console: Console, document: Document) -> None:
    """Print metadata, then every paragraph below its section, then what was left unread."""
    published = f"{document.published:%d/%m/%Y}" if document.published else UNDATED
    number = f"số {document.number}" if document.number else ""
    about = (number, document.publisher, document.author, published, ORIGINS[document.origin])
    console.print(Text(document.title, style="bold cyan"), soft_wrap=True)
    console.print(Text(" · ".join(filter(None, about)), style="dim"), soft_wrap=True)
    above: tuple[tuple[str, ...], int | None] = ((), None)
    for paragraph in read_paragraphs(document):
        here = (paragraph.section, paragraph.page)
        if here != above and paragraph.kind != "heading":
            page = f"trang {paragraph.page}" if paragraph.page else ""
            line = " · ".join(filter(None, (" › ".join(paragraph.section), page)))
            console.print(Text(f"\n[{line}]" if line else "", style="dim"), soft_wrap=True)
            above = here
        notes = f" [{', '.join(paragraph.notes)}]" if paragraph.notes else ""
        style = "bold" if paragraph.kind == "heading" else ""
        label = "" if paragraph.kind == "paragraph" else f"{_KINDS[paragraph.kind]}{notes}: "
        console.print(Text(label, style="dim") + Text(paragraph.text, style=style), soft_wrap=True)
    if document.unread:
        console.print(Text(f"\nPhần không đọc: {unread_text(document.unread)}", style="yellow"), soft_wrap=True)


def _is_whole_line(document: Document, block: Block) -> bool:
    """Whether a heading has its line to itself."""
    return block.start < block.end and document.text[block.end : block.end + 1] in ("", "\n")
