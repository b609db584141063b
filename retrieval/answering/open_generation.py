"""
An open generation and the check of its source files, replaced together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from retrieval.answering.quote import SourceWatch
from retrieval.index.local_index import LocalIndex


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """The index, and the check of the files that it was built from."""

    index: LocalIndex
    watch: SourceWatch

    def published(self, doc_id: str) -> date | None:
        """The date of a document, None when unknown."""
        return self.index.store.document(doc_id).published
