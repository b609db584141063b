"""
The content digest, by which a build detects changes in a file or its reader.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from operator import attrgetter

from retrieval.reading.document import Block, Document

_NAMES = frozenset({"doc_id", "source", "archive"})  # renaming does not change the content
# Not in the index; or digested below, the blocks field by field, and a sidecar only where there is one.
_NOT_STORED = frozenset({"unread", "ocr_confidence", "secrecy", "sidecar", "blocks"})
_values_of = attrgetter(*(field.name for field in fields(Document) if field.name not in _NAMES | _NOT_STORED))
_block_values_of = attrgetter(*(field.name for field in fields(Block)))


def content_digest(document: Document) -> str:
    """The hexadecimal sha256 of every stored field of a document but its names."""
    values: tuple[object, ...] = (_values_of(document), tuple(map(_block_values_of, document.blocks)))
    if document.sidecar:
        values += (document.sidecar,)
    return hashlib.sha256(repr(values).encode()).hexdigest()
