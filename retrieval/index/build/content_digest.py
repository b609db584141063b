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
_UNKEPT = frozenset({"unread", "blocks"})  # what no index keeps, and what is taken apart below
_said_by = attrgetter(*(field.name for field in fields(Document) if field.name not in _NAMES | _UNKEPT))
_block_of = attrgetter(*(field.name for field in fields(Block)))


def content_digest(document: Document) -> str:
    """The sha256, in hexadecimal, of its bytes' hash, metadata, text, origin, state and blocks with notes and pages."""
    said = (_said_by(document), tuple(map(_block_of, document.blocks)))
    return hashlib.sha256(repr(said).encode()).hexdigest()
