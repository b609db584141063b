"""
The digest of everything that a document says, by which a build notices that a file, or what its reader makes of it, has
changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from operator import attrgetter

from retrieval.reading.document import Block, Document

_NAMES = frozenset({"doc_id", "source", "archive"})  # what it is called: a renamed document says what it said
_NOT_STORED = frozenset({"unread", "blocks"})  # what no index keeps, and what is taken apart below
_values_of = attrgetter(*(field.name for field in fields(Document) if field.name not in _NAMES | _NOT_STORED))
_block_values_of = attrgetter(*(field.name for field in fields(Block)))


def content_digest(document: Document) -> str:
    """The sha256, in hexadecimal, of its bytes' hash, metadata, text, origin, state and blocks with notes and pages."""
    values = (_values_of(document), tuple(map(_block_values_of, document.blocks)))
    return hashlib.sha256(repr(values).encode()).hexdigest()
