"""
The stored documents of a generation, without its channels.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from retrieval.errors import UnknownPassage
from retrieval.index.local.storage.store import Store
from retrieval.index.records.document_record import DocumentRecord, unknown_id_message
from retrieval.index.records.stored_document import StoredDocument
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document


class LocalDocuments:
    """
    Satisfies `retrieval.index.contract.Documents`.

    Args:
        within: the collections that may be seen, None for all.
    """

    def __init__(self, store: Store, within: frozenset[str] | None = None) -> None:
        self._store = store
        self._within = within

    def stored_documents(
        self,
        doc_ids: Iterable[str],
        *,
        with_passages: AbstractSet[str] = frozenset(),  # noqa: ARG002 - read when needed
    ) -> dict[str, StoredDocument]:
        """The documents with these ids; see `Index.stored_documents`."""
        return {doc_id: self._stored(doc_id) for doc_id in doc_ids}

    def passage(self, passage_id: str) -> Passage:
        """
        One passage by its id.

        UnknownPassage when there is none, or it may not be seen.
        """
        passage = self._store.passage(passage_id)
        if not self._may_see(passage.doc_id):
            raise UnknownPassage(unknown_id_message(passage_id))
        return passage

    def documents(self) -> list[DocumentRecord]:
        """The records of all documents that may be seen, ordered by id."""
        return [record for record in self._store.documents() if self._may_see(record.doc_id)]

    def full_document(self, doc_id: str) -> Document:
        """
        A document as it was read.

        UnknownPassage when there is none, or it may not be seen.
        """
        self._check_may_see(doc_id)
        return self._store.full_document(doc_id)

    def _stored(self, doc_id: str) -> StoredDocument:
        self._check_may_see(doc_id)
        store = self._store
        return StoredDocument(
            store.document(doc_id), lambda: store.document_text(doc_id), lambda: store.passages_of(doc_id)
        )

    def _may_see(self, doc_id: str) -> bool:
        return self._within is None or collection_of(doc_id) in self._within

    def _check_may_see(self, doc_id: str) -> None:
        if not self._may_see(doc_id):
            raise UnknownPassage(unknown_id_message(doc_id))
