"""
Puts the document in force before its predecessor and its successor to come.

Only where both have candidates: otherwise the text out of force is the only answer there is, and its citation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from retrieval.index.candidate import Candidate
from retrieval.index.records.legal_status import LegalStatus
from retrieval.question.query import Query
from retrieval.ranking.score import RankedCandidate
from retrieval.ranking.year_boost import year_boost, years_in

# In log odds, set by hand, since no development set has such documents: two editions of one rule differed by 3 to 6
# where they were tried, the rule and what stands beside it in a document by 6 to 10.
_OUT_OF_FORCE = -6.0


def documents_out_of_force(
    candidates: Iterable[Candidate],
    query: Query,
    status: Callable[[str], LegalStatus],
    published: Callable[[str], date | None],
    today: date,
) -> frozenset[str]:
    """
    The ids of documents that another candidate's document has replaced or precedes.

    Not of a year that the question names: "mức lương năm 2019" asks for the rule of then.

    Args:
        status: looks up a document's legal status by its id.
        published: looks up its date.
    """
    documents = {candidate.passage.doc_id for candidate in candidates}
    pairs = ((doc_id, change) for doc_id in documents for change in status(doc_id).ends if change.doc_id in documents)
    past = {doc_id if change.is_due(today) else change.doc_id for doc_id, change in pairs}
    years = years_in(query) if past else frozenset()
    return frozenset(doc_id for doc_id in past if not year_boost(years, published(doc_id)))


def force_boost(candidate: Candidate, out_of_force: frozenset[str]) -> float:
    """The boost of a candidate, in log odds."""
    return _OUT_OF_FORCE if candidate.passage.doc_id in out_of_force else 0.0


def show_in_force(
    copies: Sequence[tuple[RankedCandidate, ...]], out_of_force: frozenset[str]
) -> list[tuple[RankedCandidate, ...]]:
    """The groups of duplicates, each shown by one in force, if it has any."""
    if not out_of_force:
        return list(copies)
    return [tuple(sorted(group, key=lambda place: place.candidate.passage.doc_id in out_of_force)) for group in copies]
