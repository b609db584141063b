"""
The stored documents of a generation in PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final, LiteralString

from retrieval.errors import UnknownPassage
from retrieval.index.postgres.database import Row
from retrieval.index.postgres.view import View
from retrieval.index.records.document_record import DocumentRecord, unknown_id_message
from retrieval.index.records.stored_document import StoredDocument
from retrieval.index.records.stored_rows import (
    PASSAGE_COLUMNS,
    RECORD_COLUMNS,
    document_from,
    passage_from,
    record_from,
    unchanged_text,
)
from retrieval.passage import Passage
from retrieval.reading.document import Document

RECORD: Final[LiteralString] = f"{RECORD_COLUMNS}, number, sidecar"
_DOCUMENTS: Final[LiteralString] = (
    f"SELECT text, blocks, {RECORD} FROM {{space}}.documents WHERE doc_id = ANY(%(ids)s) AND {{seen}}"
)
_PASSAGES: Final[LiteralString] = (
    f"SELECT {PASSAGE_COLUMNS} FROM {{space}}.passages WHERE doc_id = ANY(%(ids)s) AND {{seen}} ORDER BY ordinal"
)
_PASSAGE: Final[LiteralString] = (
    f"SELECT {PASSAGE_COLUMNS} FROM {{space}}.passages WHERE passage_id = %(id)s AND {{seen}}"
)


class PostgresDocuments:
    """Satisfies `retrieval.index.contract.Documents`."""

    def __init__(self, view: View) -> None:
        self._view = view

    def stored_documents(
        self, doc_ids: Iterable[str], *, with_passages: AbstractSet[str] = frozenset()
    ) -> dict[str, StoredDocument]:
        """The documents with these ids; see `Index.stored_documents`."""
        ids = list(dict.fromkeys(doc_ids))
        if not ids:
            return {}
        for doc_id in ids:
            _check_storable(doc_id)
        view = self._view
        statements = [view.statement(_DOCUMENTS, ids=ids)]
        if with_passages:
            statements.append(view.statement(_PASSAGES, ids=sorted(with_passages)))
        documents, *passages = view.read(*statements)
        own: dict[str, list[Passage]] = defaultdict(list)
        for row in passages[0] if passages else ():
            passage = passage_from(row)
            own[passage.doc_id].append(passage)
        found = {stored.record.doc_id: stored for stored in (self._stored(row, own) for row in documents)}
        for doc_id in ids:
            if doc_id not in found:
                raise UnknownPassage(unknown_id_message(doc_id))
        return {doc_id: found[doc_id] for doc_id in ids}

    def passage(self, passage_id: str) -> Passage:
        """
        One passage by its id.

        UnknownPassage when there is none, or it may not be seen.
        """
        _check_storable(passage_id)
        (rows,) = self._view.read(self._view.statement(_PASSAGE, id=passage_id))
        if not rows:
            raise UnknownPassage(unknown_id_message(passage_id))
        return passage_from(rows[0])

    def documents(self) -> list[DocumentRecord]:
        """The records of all documents that may be seen, ordered by id."""
        view = self._view
        (rows,) = view.read(view.statement(f"SELECT {RECORD} FROM {{space}}.documents WHERE {{seen}}"))
        return sorted(map(record_from, rows), key=lambda record: record.doc_id)

    def full_document(self, doc_id: str) -> Document:
        """
        A document as it was read.

        UnknownPassage when there is none, or it may not be seen.
        """
        _check_storable(doc_id)
        (rows,) = self._view.read(self._view.statement(_DOCUMENTS, ids=[doc_id]))
        if not rows:
            raise UnknownPassage(unknown_id_message(doc_id))
        text, blocks, *columns = rows[0]
        record = record_from(columns)
        return document_from(record, unchanged_text(doc_id, text, record.text_sha256), blocks)

    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document, in reading order."""
        (rows,) = self._view.read(self._view.statement(_PASSAGES, ids=[doc_id]))
        return list(map(passage_from, rows))

    def _stored(self, row: Row, known: dict[str, list[Passage]]) -> StoredDocument:
        text, _, *columns = row
        record = record_from(columns)
        doc_id = record.doc_id
        return StoredDocument(
            record,
            lambda: unchanged_text(doc_id, text, record.text_sha256),
            lambda: known[doc_id] if doc_id in known else self.passages_of(doc_id),
        )


def _check_storable(name: str) -> None:
    """UnknownPassage of an id that the server would refuse to compare."""
    if "\0" in name:
        raise UnknownPassage(unknown_id_message(ascii(name)))
