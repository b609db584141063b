"""
The stored documents behind one answer, fetched together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.errors import StaleQuote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from retrieval.answering.open_generation import OpenGeneration
    from retrieval.answering.quote import Quote
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.index.records.stored_document import StoredDocument
    from retrieval.passage import Passage


class QuotedDocuments:
    """
    Quotes passages of documents that are fetched in as few batches as possible, each once.

    Args:
        records: of the documents, by id, by which their source files are checked before anything is fetched.
    """

    def __init__(self, generation: OpenGeneration, records: Mapping[str, DocumentRecord]) -> None:
        self._generation = generation
        self._records = records
        self._known: dict[str, StoredDocument] = {}

    def fetch(self, doc_ids: Iterable[str], *, with_passages: AbstractSet[str] = frozenset()) -> None:
        """Fetch documents in one batch; `with_passages`: the ids of those whose passages are needed too."""
        missing = [doc_id for doc_id in dict.fromkeys(doc_ids) if doc_id not in self._known]
        if missing:
            self._known |= self._generation.index.stored_documents(missing, with_passages=with_passages)

    def document(self, doc_id: str) -> StoredDocument:
        """A document, fetched by itself if it was not before."""
        self.fetch((doc_id,))
        return self._known[doc_id]

    def quote(self, passage: Passage, highlight: tuple[int, int] = (0, 0)) -> Quote:
        """The verified quote of a passage; raises as `verified_quote` does."""
        if passage.doc_id not in self._known:  # nothing is fetched of what has changed
            self._generation.watch.check(self._records[passage.doc_id])
        return self._generation.quote(passage, self.document(passage.doc_id), highlight)

    def is_current(self, doc_id: str) -> bool:
        """Whether a document's source file is still what was indexed."""
        try:
            self._generation.watch.check(self._records[doc_id])
        except StaleQuote:
            return False
        return True
