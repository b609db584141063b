"""
`trichdan read`: what the reader makes of one file, without an index.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from retrieval.answering.quote import ORIGINS, UNDATED
from retrieval.inspection.paragraphs import KINDS, read_paragraphs
from retrieval.inspection.remarks import confidence_text, unread_text
from retrieval.reading.document import Document
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.ocr_cache import OcrCache
from retrieval.reading.sandbox.process import Sandbox


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
        "ocr_confidence": asdict(document.ocr_confidence) if document.ocr_confidence else None,
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
    sure = confidence_text(document.ocr_confidence) if document.ocr_confidence else ""
    about = (number, document.publisher, document.author, published, ORIGINS[document.origin], sure)
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
        label = "" if paragraph.kind == "paragraph" else f"{KINDS[paragraph.kind]}{notes}: "
        console.print(Text(label, style="dim") + Text(paragraph.text, style=style), soft_wrap=True)
    if document.unread:
        console.print(Text(f"\nPhần không đọc: {unread_text(document.unread)}", style="yellow"), soft_wrap=True)
