"""
`trichdan read`: what the reader makes of one file, without an index.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from retrieval.answering.quote import ORIGINS, UNDATED
from retrieval.errors import RetrievalError, UnreadableError
from retrieval.inspection.paragraphs import KINDS, read_paragraphs
from retrieval.inspection.remarks import confidence_text, unread_text
from retrieval.inspection.write_page import WrittenPage, write_html_page
from retrieval.reading.administrative.legal_force import ForceAct, ForceKind, LegalForce, legal_force_of
from retrieval.reading.document import Document
from retrieval.reading.files.regular_file import read_regular_file
from retrieval.reading.reader import MAX_BYTES, read_document
from retrieval.reading.sandbox.ocr_cache import OcrCache
from retrieval.reading.sandbox.process import Sandbox

_ACTS: dict[ForceKind, str] = {"replaces": "thay thế", "repeals": "bãi bỏ", "amends": "sửa đổi, bổ sung"}
_HTML = (".html", ".htm")  # any other suffix may be a document that was meant to be read


@contextmanager
def reading_sandbox(*, ocr: bool) -> Iterator[Sandbox]:
    """A sandbox for one file, whose scanned pages are recognised on request and then forgotten."""
    if not ocr:
        with Sandbox() as sandbox:
            yield sandbox
        return
    with (
        tempfile.TemporaryDirectory(prefix="trichdan-read-") as folder,
        Sandbox(ocr_cache=OcrCache(Path(folder), runs_ocr=True)) as sandbox,
    ):
        yield sandbox


def read_file(file: Path, *, ocr: bool = False, html: Path | None = None) -> tuple[Document, WrittenPage | None]:
    """
    Read a file as an index would, in the sandbox.

    Args:
        ocr: recognise scanned pages.
        html: where the page of HTML is written.

    Raises:
        DocumentError: it cannot be read.
        RetrievalError: the page would be written over something else than an older page.
    """
    if html is not None:
        _check_target(html, file)
    with reading_sandbox(ocr=ocr) as sandbox:
        document = read_document(file, file.parent, sandbox=sandbox)
        return document, None if html is None else _write_page(document, file, sandbox, html)


def _check_target(html: Path, file: Path) -> None:
    if html.suffix.lower() not in _HTML or html.is_dir():
        raise RetrievalError(f"a page of HTML is a file that ends in .html, {html} is not: name another with --html")
    if html.exists() and file.exists() and html.samefile(file):
        raise RetrievalError(f"the page is written beside the document, {html} is the document: name another file")


def _write_page(document: Document, file: Path, sandbox: Sandbox, html: Path) -> WrittenPage:
    data = read_regular_file(file, document.source, MAX_BYTES)
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise UnreadableError(f"a file stays as it is while it is read, {document.source} did not: try again")
    return write_html_page(document, data, sandbox, html)


def document_json(document: Document) -> dict[str, object]:
    """The contract of `trichdan read --json`; what is not known is null."""
    force = legal_force_of(document)
    return {
        "source": document.source,
        "title": document.title or None,
        "number": document.number or None,
        "secrecy": document.secrecy or None,
        "issuer": document.publisher or None,
        "author": document.author or None,
        "published": document.published.isoformat() if document.published else None,
        "effective": force.effective.isoformat() if force.effective else None,
        "acts": [_act_json(act) for act in force.acts],
        "origin": document.origin or None,
        "ocr_confidence": asdict(document.ocr_confidence) if document.ocr_confidence else None,
        "paragraphs": [
            {**asdict(each), "section": list(each.section), "notes": list(each.notes)}
            for each in read_paragraphs(document)
        ],
        "unread": [{**asdict(unread), "name": unread.name or None} for unread in document.unread],
    }


def _act_json(act: ForceAct) -> dict[str, object]:
    days = {"dated": act.dated, "since": act.since}
    return {
        "kind": act.kind,
        "number": act.number,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def show_written(console: Console, html: Path, written: WrittenPage) -> None:
    """Print where the page is, and what it shows."""
    pages = f"{written.pages} trang ({written.drawn} trang có hình), " if written.pages else ""
    console.print(Text(f"Đã ghi bản đọc vào {html}: {pages}{written.paragraphs} đoạn"), soft_wrap=True)


def show_document(console: Console, document: Document) -> None:
    """Print metadata, then every paragraph below its section, then what was left unread."""
    published = f"{document.published:%d/%m/%Y}" if document.published else UNDATED
    number = f"số {document.number}" if document.number else ""
    sure = confidence_text(document.ocr_confidence) if document.ocr_confidence else ""
    mark = f"dấu chỉ độ mật: {document.secrecy}" if document.secrecy else ""
    about = (mark, number, document.publisher, document.author, published, ORIGINS[document.origin], sure)
    console.print(Text(document.title, style="bold cyan"), soft_wrap=True)
    console.print(Text(" · ".join(filter(None, about)), style="dim"), soft_wrap=True)
    _show_force(console, legal_force_of(document))
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


def _show_force(console: Console, force: LegalForce) -> None:
    """Print what the document states of its own force and of that of others."""
    effective = f"hiệu lực từ {force.effective:%d/%m/%Y}" if force.effective else ""
    acts = (f"{_ACTS[act.kind]} {act.number}" for act in force.acts)
    if line := " · ".join(filter(None, (effective, *acts))):
        console.print(Text(line, style="dim"), soft_wrap=True)
