"""
Read one file into a Document: the registry of format readers by suffix.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from retrieval.errors import EmptyError, EncodingError, SizeError, SuffixError, UnreadableError
from retrieval.reading.administrative.secrecy_mark import secrecy_mark_of
from retrieval.reading.article.article import outline_of_page
from retrieval.reading.document import LONGEST_NAME, Content, Document, Unread
from retrieval.reading.docx.reader import read_word
from retrieval.reading.epub import read_book
from retrieval.reading.files.regular_file import read_regular_file
from retrieval.reading.files.sidecar import Sidecar, read_sidecar
from retrieval.reading.html.reader import read_web_page
from retrieval.reading.mail.message import read_message
from retrieval.reading.mail.web_archive import read_web_archive
from retrieval.reading.markdown import outline_of_markdown
from retrieval.reading.office.presentation import read_old_presentation
from retrieval.reading.office.rtf import read_rtf
from retrieval.reading.office.slides import read_presentation
from retrieval.reading.office.spreadsheet import read_old_spreadsheet
from retrieval.reading.office.word import read_old_word
from retrieval.reading.office.workbook import read_workbook
from retrieval.reading.opendocument.presentation import read_open_presentation
from retrieval.reading.opendocument.spreadsheet import read_open_spreadsheet
from retrieval.reading.opendocument.text import read_open_text
from retrieval.reading.pdf.pictures import SUFFIXES, read_picture
from retrieval.reading.pdf.reader import read_pdf
from retrieval.reading.sandbox.process import Sandbox
from retrieval.reading.signature import suffix_of_content
from retrieval.reading.text.encoding import decode_text, decode_windows_1252, normalize, restore_d
from retrieval.reading.text.legacy_decoder import convert_legacy_font
from retrieval.reading.text.lines import shortened

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.reading.document import Origin, Reader

MAX_BYTES = 64 * 1024 * 1024  # a larger file is a dump, a log or a picture book
MAX_CHARACTERS = 10_000_000  # of text, 5,000 pages; analysing them takes up to a gigabyte


def read_plain_text(data: bytes, source: str) -> Content:
    """Read plain text, or a web page saved as text."""
    text, origin, unread = _letters(data, source)
    return Content(text, outline_of_page(text), origin, unread)


def read_markdown(data: bytes, source: str) -> Content:
    """Read Markdown."""
    text, origin, unread = _letters(data, source)
    return Content(text, outline_of_markdown(text), origin, unread)


def _letters(data: bytes, source: str) -> tuple[str, Origin, tuple[Unread, ...]]:
    """Decode a file's text, converting legacy fonts and code pages."""
    try:
        decoded = decode_text(data, source)
    except EncodingError:
        text, origin = convert_legacy_font(normalize(decode_windows_1252(data)))
        if not origin or "\0" in text:
            raise
        return text, origin, ()
    text, origin = convert_legacy_font(decoded.text)
    return restore_d(text), origin, (Unread("bytes", count=decoded.bad_bytes),) if decoded.bad_bytes else ()


READERS: dict[str, Reader] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".docx": read_word,
    ".docm": read_word,
    ".dotx": read_word,
    ".dotm": read_word,
    ".doc": read_old_word,
    ".dot": read_old_word,
    ".ppt": read_old_presentation,
    ".rtf": read_rtf,
    ".xls": read_old_spreadsheet,
    ".pdf": read_pdf,
    ".html": read_web_page,
    ".htm": read_web_page,
    ".mhtml": read_web_archive,
    ".mht": read_web_archive,
    ".eml": read_message,
    ".epub": read_book,
    ".odt": read_open_text,
    ".ott": read_open_text,
    ".ods": read_open_spreadsheet,
    ".odp": read_open_presentation,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".pptx": read_presentation,
    ".pptm": read_presentation,
    **dict.fromkeys(sorted(SUFFIXES), read_picture),
}


def read_document(path: Path, root: Path, *, sandbox: Sandbox | None = None, resolved: Path | None = None) -> Document:
    """
    Read the document in a file below `root`, or raise a DocumentError.

    Pass a sandbox to share one process between files; without it each file starts its own.
    `resolved`: see `read_regular_file`.
    """
    source = source_of(path, root)
    reader_for(source)
    data = read_regular_file(path, source, MAX_BYTES, resolved=resolved)
    sha256 = hashlib.sha256(data).hexdigest()
    content = content_of_file(data, source, sandbox)
    return document_of_outline(
        content, source, sidecar=read_sidecar(_without_links(path, root, resolved)), sha256=sha256
    )


def _without_links(path: Path, root: Path, resolved: Path | None) -> Path:
    """The path without links among its folders, for its sidecar."""
    if resolved is not None and not path.is_symlink():
        return resolved
    return root.resolve() / path.relative_to(root)


def content_of_file(data: bytes, source: str, sandbox: Sandbox | None) -> Content:
    """Extract the content with its whole outline, in the sandbox, unless it was extracted before."""
    if sandbox is not None:
        return sandbox.read(data, source)
    with Sandbox() as own:
        return own.read(data, source)


def document_of_outline(content: Content, source: str, *, sidecar: Sidecar, sha256: str, archive: str = "") -> Document:
    """
    Build a Document of a content with its whole outline.

    `sha256` is that of the file on disk or its archive.
    """
    check_length(content, source)
    outline = sidecar.override(content.outline)
    if not outline.blocks:
        raise EmptyError(f"a document holds paragraphs, {source} has only page furniture: remove it")
    return Document(
        doc_id=source,
        source=source,
        title=shortened(_printable(outline.title), LONGEST_NAME),
        publisher=_printable(outline.publisher),
        author=_printable(outline.author),
        published=outline.published,
        text=content.text,
        sha256=sha256,
        blocks=outline.blocks,
        archive=archive,
        origin=content.origin,
        unread=content.unread,
        number=outline.number,
        ocr_confidence=content.ocr_confidence,
        secrecy=secrecy_mark_of(content),
        sidecar=sidecar.sha256,
    )


def _printable(words: str) -> str:
    """In one line, without control characters, with which a text file may open."""
    return "".join(filter(str.isprintable, " ".join(words.split())))


def check_length(content: Content, source: str) -> None:
    """Raise SizeError for a text that would take too long to analyze."""
    if len(content.text) > MAX_CHARACTERS:
        raise SizeError(
            f"a document has at most {MAX_CHARACTERS:,} characters of text, {source} has {len(content.text):,}: "
            "split it into several files"
        )


def source_of(path: Path, root: Path) -> str:
    """The path below the root, which identifies a document."""
    try:
        source = path.relative_to(root).as_posix()
        source.encode()
    except UnicodeEncodeError:
        raise UnreadableError(f"a file name is UTF-8, {path.name!a} is not: rename the file") from None
    except ValueError:
        raise UnreadableError(f"a document lies below its root {root}, {path} does not: name another") from None
    if not source.isprintable():  # a line break or a bidi mark would forge listings
        raise UnreadableError(f"a file name has only printable characters, {source!a} has others: rename the file")
    return source


def reader_for(source: str) -> Reader:
    """The format reader for a suffix; SuffixError if there is none."""
    suffix = PurePath(source).suffix
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise SuffixError(
            f"a document ends in {', '.join(sorted(READERS))}, {source} in {suffix or 'no suffix'}: "
            "convert it to one of these, or keep it outside the corpus"
        )
    return reader


def reader_of_content(data: bytes, source: str) -> Reader:
    """The format reader for a file's bytes; its suffix may be wrong."""
    reader_for(source)
    return READERS[suffix_of_content(data, PurePath(source).suffix.lower())]
