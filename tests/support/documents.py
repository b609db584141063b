"""Documents of what a format reader extracts, made in the tests' own process, without a sandbox."""

from __future__ import annotations

from retrieval.reading.content_outline import with_whole_outline
from retrieval.reading.document import Content, Document
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.reader import document_of_outline


def document_of(content: Content, source: str, *, sidecar: Sidecar, sha256: str) -> Document:
    """The document that a build would make of it."""
    return document_of_outline(with_whole_outline(content), source, sidecar=sidecar, sha256=sha256)
