"""
An open generation with what is replaced together with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from retrieval.answering.quote import Quote, SourceWatch, verified_quote
from retrieval.index.contract import Index
from retrieval.index.records.stored_document import StoredDocument
from retrieval.passage import Passage
from retrieval.ranking.learned.stored_calibrations import StoredCalibration


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """The index, the check of its source files, and the calibrations kept beside it."""

    index: Index
    watch: SourceWatch
    calibrations: tuple[StoredCalibration, ...] = ()  # also of other models
    today: date = date.max  # the day of the question

    def restrict(self, within: frozenset[str] | None, today: date) -> OpenGeneration:
        """A view of these collections, None for all, on this day."""
        return replace(self, index=self.index.restrict(within), today=today)

    def quote(self, passage: Passage, document: StoredDocument, highlight: tuple[int, int] = (0, 0)) -> Quote:
        """The verified quote of a passage of a document; raises as `verified_quote` does."""
        return verified_quote(
            passage, highlight, document, watch=self.watch, catalogue=self.index.catalogue, today=self.today
        )

    def whole_quote(self, passage: Passage) -> Quote:
        """The verified quote of a passage, without a highlight; raises as `verified_quote` does."""
        return self.quote(passage, self.index.stored_documents((passage.doc_id,))[passage.doc_id])
