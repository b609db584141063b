"""
The file behind a document, read again only while it is still what was indexed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from retrieval.errors import StaleQuote, UnreadableError
from retrieval.reading.files.regular_file import read_regular_file

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.index.records.document_record import DocumentRecord


def read_source(path: Path, record: DocumentRecord, limit: int) -> bytes:
    """
    The bytes of a record's file, or of the archive around it.

    Raises:
        StaleQuote: the file can no longer be read, or has changed since it was indexed.
        SizeError: it has more than `limit` bytes.
    """
    try:
        data = read_regular_file(path, record.file, limit)
    except UnreadableError as error:  # also of a retained document, in whose place there may be a pipe now
        raise StaleQuote(f"{record.source} was indexed and can no longer be read: run `trichdan index`") from error
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise StaleQuote(f"{record.source} has changed since it was indexed: run `trichdan index`")
    return data
