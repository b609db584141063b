"""
The ranking of one query's candidates.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.contract import Rarity, Shortlist
from retrieval.index.scoring.model_scale import ModelScale
from retrieval.question.query import Query
from retrieval.ranking.learned.calibration import Calibration
from retrieval.ranking.lookup import Lookup
from retrieval.ranking.score import RankedCandidate


@dataclass(frozen=True, slots=True)
class Ranking:
    """A query, its ranked candidates best first, and its coverage by the corpus."""

    query: Query
    places: list[RankedCandidate]
    covered: float
    candidates: list[Candidate]  # all that any channel returned
    lookup: Lookup  # what the question names outright
    out_of_force: frozenset[str]  # ids of documents whose successors are candidates too
    scale: ModelScale  # of the model
    calibration: Calibration  # what ordered the places
    rarity: Rarity  # of the question's terms
    shortlist: Shortlist  # what was read of the places

    def published(self, doc_id: str) -> date | None:
        """The date of a document of the places, None when unknown."""
        return self.shortlist.published(doc_id)

    def ranks(self) -> Callable[[ChannelScores], dict[str, int]]:
        """A function from a passage's scores to its rank among the candidates in each channel."""
        others = [candidate.scores.by_channel() for candidate in self.candidates]
        ordered = {channel: sorted(other[channel] for other in others) for channel in (others[0] if others else ())}
        return lambda scores: {
            channel: 1 + len(others) - bisect_right(ordered[channel], score)
            for channel, score in scores.by_channel().items()
        }
