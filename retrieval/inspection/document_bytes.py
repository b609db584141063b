"""
Read a document from bytes alone: an upload, or a member of an archive.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.reader import document_of_outline, reader_for

if TYPE_CHECKING:
    from retrieval.reading.document import Document
    from retrieval.reading.sandbox.process import Sandbox

_NO_SIDECAR = Sidecar()


def document_of_bytes(data: bytes, source: str, sandbox: Sandbox, sidecar: Sidecar = _NO_SIDECAR) -> Document:
    """Read a document of any format in the sandbox; raises the reader's DocumentError."""
    reader_for(source)
    content = sandbox.read(data, source)
    return document_of_outline(content, source, sidecar=sidecar, sha256=hashlib.sha256(data).hexdigest())
