"""
An open generation with what is replaced together with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from retrieval.answering.quote import SourceWatch
from retrieval.index.local.local_index import LocalIndex
from retrieval.ranking.learned.calibration_file import StoredCalibration


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """The index, the check of its source files, and the calibrations of its folder."""

    index: LocalIndex
    watch: SourceWatch
    calibrations: tuple[StoredCalibration, ...] = ()  # also of other models
    today: date = date.max  # the day of the question

    def restrict(self, within: frozenset[str] | None, today: date) -> OpenGeneration:
        """A view of these collections, None for all, on this day."""
        return replace(self, index=self.index.restrict(within), today=today)

    def published(self, doc_id: str) -> date | None:
        """The date of a document, None when unknown."""
        return self.index.store.document(doc_id).published
