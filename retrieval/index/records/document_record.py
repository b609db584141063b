"""
The record of a document: its metadata, without its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from retrieval.reading.document import Origin


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document's metadata, without its text."""

    doc_id: str
    source: str
    title: str
    publisher: str
    author: str
    published: date | None
    sha256: str  # of the file's bytes when it was read
    archive: str = ""
    origin: Origin = ""
    text_sha256: str = ""
    kept: str = ""  # see `Document.kept`
    digest: str = ""  # see `content_digest`
    number: str = ""  # of an administrative document
    sidecar: str | None = None  # see `Document.sidecar`

    @property
    def file(self) -> str:
        """The file below the root: the document's source, or the archive around it."""
        return self.archive or self.source


def unknown_id_message(name: str) -> str:
    """One message for missing and forbidden ids, so that existence never leaks."""
    return f"the index has no {name} any more: ask again"
