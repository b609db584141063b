"""
The Ranking: a question as it was understood, and its candidates in their order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.question.query import Query
from retrieval.ranking.score import RankedCandidate


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a question was understood as, its candidates best first, and how much of it the corpus has words for."""

    query: Query
    places: list[RankedCandidate]
    covered: float
    candidates: list[Candidate]  # all that any channel put forward

    def ranks(self) -> Callable[[ChannelScores], dict[str, int]]:
        """By channel: the place among the candidates that a passage's score alone would give."""
        others = [candidate.scores.by_channel() for candidate in self.candidates]
        ordered = {channel: sorted(other[channel] for other in others) for channel in (others[0] if others else ())}
        return lambda scores: {
            channel: 1 + len(others) - bisect_right(ordered[channel], score)
            for channel, score in scores.by_channel().items()
        }
