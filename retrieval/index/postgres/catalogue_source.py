"""
What is known of all documents of a generation, taken together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from retrieval.index.postgres.database import Row
from retrieval.index.postgres.postgres_documents import PostgresDocuments
from retrieval.index.postgres.view import View
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.records.legal_force_columns import legal_force_from
from retrieval.reading.administrative.legal_force import LegalForce


class PostgresCatalogue:
    """Satisfies `retrieval.index.records.catalogue.CatalogueSource`; everything is read once."""

    def __init__(self, view: View) -> None:
        self._view = view

    @cached_property
    def records(self) -> tuple[DocumentRecord, ...]:
        """All records, ordered by id."""
        return tuple(PostgresDocuments(self._view).documents())

    @property
    def shared_titles(self) -> frozenset[str]:
        """The titles that more than one document has."""
        counts = Counter(record.title for record in self.records)
        return frozenset(title for title, count in counts.items() if count > 1)

    @cached_property
    def legal_forces(self) -> dict[str, LegalForce]:
        """What documents state of legal force, by their ids."""
        statement = "SELECT doc_id, effective, acts FROM {space}.documents WHERE acts IS NOT NULL AND {seen}"
        (rows,) = self._view.read(self._view.statement(statement))
        return {doc_id: legal_force_from(effective, acts) for doc_id, effective, acts in rows}

    @cached_property
    def definitions(self) -> list[tuple[str, str]]:
        """The collection and the text of each passage that defines abbreviations, in reading order."""
        statement = "SELECT document, ordinal, collection, text FROM {space}.passages WHERE defines AND {seen}"
        (rows,) = self._view.read(self._view.statement(statement))
        return [(collection, text) for _, _, collection, text in self._in_reading_order(rows)]

    def documents(self) -> tuple[DocumentRecord, ...]:
        """All records, ordered by id."""
        return self.records

    def documents_with_sections(self, opening: str) -> list[str]:
        """The ids of the documents with a section that holds these words."""
        statement = "SELECT DISTINCT doc_id FROM {space}.passages WHERE position(%(opening)s IN section) > 0 AND {seen}"
        (rows,) = self._view.read(self._view.statement(statement, opening=opening))
        return sorted(doc_id for (doc_id,) in rows)

    def paths_above_articles(self) -> list[tuple[str, str]]:
        """Each document id with each path of headings that stands above an article of it."""
        article = " › Điều "
        statement = (
            "SELECT document, min(ordinal), doc_id, split_part(section, %(article)s, 1) AS path "
            "FROM {space}.passages WHERE position(%(article)s IN section) > 0 AND {seen} "
            "GROUP BY doc_id, path, document"
        )
        (rows,) = self._view.read(self._view.statement(statement, article=article))
        return [(doc_id, path) for _, _, doc_id, path in self._in_reading_order(rows)]

    def _in_reading_order(self, rows: Sequence[Row]) -> list[Row]:
        """Rows that begin with a document and the place of a passage in it."""
        ranks = self._view.stored.ranks([row[0] for row in rows])
        return [row for _, row in sorted(zip(ranks, rows, strict=True), key=lambda each: (each[0], each[1][1]))]
