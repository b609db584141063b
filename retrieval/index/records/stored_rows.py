"""
Documents and passages as columns of an index, whichever engine stores them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from operator import attrgetter
from typing import Any

from retrieval.errors import DamagedIndex
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage
from retrieval.reading.document import Block, Document

PASSAGE_COLUMNS = (
    'passage_id, doc_id, kind, paragraph, paragraphs, "start", "end", text, section, marker, notes, page, last_page'
)
RECORD_COLUMNS = (
    "doc_id, source, title, publisher, author, published, sha256, archive, origin, text_sha256, kept, digest"
)
DOCUMENT_COLUMNS = (
    "doc_id, source, title, publisher, author, published, sha256, archive, origin, text, text_sha256, kept, digest, "
    "blocks, number, sidecar"
)
_BLOCK = tuple(field.name for field in fields(Block))
_values_of = attrgetter(*_BLOCK)


def document_from(record: DocumentRecord, text: str, blocks: str) -> Document:
    """A document as it was read; `blocks` in JSON."""
    values = asdict(record)
    del values["text_sha256"], values["digest"]
    return Document(**values, text=text, blocks=tuple(map(_block, json.loads(blocks))))


def unchanged_text(doc_id: str, text: str, expected: str) -> str:
    """The text as it was read; DamagedIndex when it differs from its hash."""
    if text_sha256(text) != expected:
        raise DamagedIndex(f"the stored text of {doc_id} has changed: run `trichdan index --rebuild`")
    return text


def document_columns(document: Document, digest: str) -> tuple[object, ...]:
    """The columns of a document, in the order of DOCUMENT_COLUMNS."""
    published = document.published.isoformat() if document.published else None
    return (
        document.doc_id,
        document.source,
        document.title,
        document.publisher,
        document.author,
        published,
        document.sha256,
        document.archive,
        document.origin,
        document.text,
        text_sha256(document.text),
        document.kept,
        digest,
        json.dumps([_values_of(block) for block in document.blocks], separators=(",", ":")),
        document.number,
        document.sidecar,
    )


def _block(values: list[Any]) -> Block:
    named = dict(zip(_BLOCK, values, strict=False))  # an older index has fewer fields
    return Block(**{**named, "notes": tuple(named["notes"])})


def passage_columns(passage: Passage) -> tuple[object, ...]:
    """The columns of a passage, in the order of PASSAGE_COLUMNS."""
    return (
        passage.passage_id,
        passage.doc_id,
        passage.kind,
        passage.paragraph,
        passage.paragraphs,
        passage.start,
        passage.end,
        passage.text,
        passage.section,
        passage.marker,
        json.dumps(passage.notes),
        passage.page,
        passage.last_page,
    )


def record_from(row: Sequence[Any]) -> DocumentRecord:
    """The record in the columns of RECORD_COLUMNS, number and sidecar."""
    doc_id, source, title, publisher, author, published, *rest = row
    when = date.fromisoformat(published) if published else None
    return DocumentRecord(doc_id, source, title, publisher, author, when, *rest)


def passage_from(row: Sequence[Any]) -> Passage:
    """The passage in the columns of PASSAGE_COLUMNS."""
    *fields, notes, page, last_page = row  # the columns of PASSAGE_COLUMNS, in the order of Passage's fields
    values = (*fields, tuple(json.loads(notes)), page, last_page)
    return Passage(*values)


def text_sha256(text: str) -> str:
    """The sha256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
