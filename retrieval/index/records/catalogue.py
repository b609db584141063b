"""
The catalogue: what is known of all documents that may be seen, taken together.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from retrieval.index.records.document_names import DocumentNames
from retrieval.index.records.legal_status import LegalStatuses
from retrieval.reading.collection import collection_of
from retrieval.reading.provision import annex_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.reading.administrative.legal_force import LegalForce


class CatalogueSource(Protocol):
    """What a catalogue is computed from, of all documents of a generation."""

    @property
    def shared_titles(self) -> frozenset[str]:
        """The titles that more than one document has."""

    @property
    def legal_forces(self) -> dict[str, LegalForce]:
        """What documents state of legal force, by their ids."""

    def documents(self) -> Sequence[DocumentRecord]:
        """All records, ordered by id."""

    def documents_with_sections(self, opening: str) -> Sequence[str]:
        """The ids of the documents with a section that holds these words."""

    def paths_above_articles(self) -> Sequence[tuple[str, str]]:
        """Each document id with each path of headings that stands above an article of it."""


class Catalogue:
    """
    Names, titles and legal status of the documents that may be seen.

    Each part is computed on first use, once for a generation and the collections that a reader may see.

    Args:
        collections: those that may be seen, None for all.
    """

    def __init__(self, source: CatalogueSource, collections: frozenset[str] | None = None) -> None:
        self._source = source
        self._collections = collections

    @cached_property
    def document_names(self) -> DocumentNames:
        """The names of the documents."""
        return DocumentNames(self._records)

    @cached_property
    def shared_titles(self) -> frozenset[str]:
        """The titles that more than one document has."""
        if self._collections is None:
            return self._source.shared_titles
        counts = Counter(record.title for record in self._records)
        return frozenset(title for title, count in counts.items() if count > 1)

    @cached_property
    def legal_statuses(self) -> LegalStatuses:
        """The legal status of the documents."""
        forces = self._source.legal_forces
        return LegalStatuses(self._records if forces else (), forces)

    @cached_property
    def only_statute(self) -> DocumentRecord | None:
        """The document with articles, None where there is none or several."""
        doc_ids = [doc_id for doc_id in self._source.documents_with_sections("Điều ") if self._may_see(doc_id)]
        only = doc_ids[0] if len(doc_ids) == 1 else None
        return next((record for record in self._records if record.doc_id == only), None) if only else None

    @cached_property
    def annexes(self) -> tuple[tuple[str, str], ...]:
        """Document id and heading of each annex with articles."""
        paths = self._source.paths_above_articles()
        found = ((doc_id, annex_in(path)) for doc_id, path in paths if self._may_see(doc_id))
        return tuple(dict.fromkeys((doc_id, annex) for doc_id, annex in found if annex))

    @cached_property
    def _records(self) -> tuple[DocumentRecord, ...]:
        return tuple(record for record in self._source.documents() if self._may_see(record.doc_id))

    def _may_see(self, doc_id: str) -> bool:
        return self._collections is None or collection_of(doc_id) in self._collections
