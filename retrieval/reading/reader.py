"""
Reads one file into a Document: the only way from bytes on disk to text in this package.

What a kind of file means is decided by its suffix, in READERS; how it is laid out, by the module named there.
"""

from __future__ import annotations

import hashlib
import stat
import unicodedata
from typing import TYPE_CHECKING

from retrieval.errors import EmptyError, EncodingError, SizeError, SuffixError, UnreadableError
from retrieval.reading.document import Document, Outline
from retrieval.reading.markdown import outline_of_markdown
from retrieval.reading.page import outline_of_page
from retrieval.reading.sidecar import read_sidecar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024  # a longer plain text is a dump or a log, not a document to quote
READERS: dict[str, Callable[[str], Outline]] = {
    ".txt": outline_of_page,
    ".md": outline_of_markdown,
    ".markdown": outline_of_markdown,
}


def read_document(path: Path, root: Path) -> Document:
    """The Document in a file below `root`, or a DocumentError that says why there is none."""
    source = _source_of(path, root)
    outline_of = _reader_for(path, source)
    data = _bytes_of(path, source)
    text = decoded(data, source)
    outline = read_sidecar(path).over(outline_of(text))
    if not outline.blocks:
        raise EmptyError(f"a document holds paragraphs, {source} has only page furniture: remove it")
    return Document(
        doc_id=source,
        source=source,
        title=outline.title,
        publisher=outline.publisher,
        author=outline.author,
        published=outline.published,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=outline.blocks,
    )


def decoded(data: bytes, source: str) -> str:
    """The text in a file's bytes: UTF-8 with or without a byte order mark, newlines as "\\n", NFC."""
    if b"\0" in data:
        raise EncodingError(f"a document is text, {source} holds NUL bytes: save it as plain text in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"a document is UTF-8, {source} is not (byte {data[error.start]:#04x} at offset {error.start}): "
            "save it again with the encoding UTF-8"
        ) from None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise EmptyError(f"a document holds text, {source} is blank: fill it or remove it")
    return text


def _source_of(path: Path, root: Path) -> str:
    try:
        source = path.relative_to(root).as_posix()
        source.encode()
    except UnicodeEncodeError:
        raise UnreadableError(f"a file name is UTF-8, {path.name!a} is not: rename the file") from None
    except ValueError:
        raise UnreadableError(f"a document lies below its root {root}, {path} does not: name another") from None
    return source


def _reader_for(path: Path, source: str) -> Callable[[str], Outline]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SuffixError(
            f"a document ends in {', '.join(sorted(READERS))}, {source} in {path.suffix or 'no suffix'}: "
            "convert it to one of these, or keep it outside the corpus"
        )
    return reader


def _bytes_of(path: Path, source: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(f"a document is a file, {source} is not: name a file")
        if status.st_size > MAX_BYTES:
            raise SizeError(
                f"a document is at most {MAX_BYTES:,} bytes, {source} has {status.st_size:,}: "
                "split it into several files"
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"a document must be readable, {source} is not ({error.strerror}): check that it is a file "
            "and that you may read it"
        ) from error
