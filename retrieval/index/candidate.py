"""
Candidates: passages that some channel returned, with every channel's scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from retrieval.passage import Passage


@dataclass(frozen=True, slots=True)
class ChannelScores:
    """
    The channels' scores of one passage; higher is better.

    Cosines are in [-1, 1], BM25 sums start at 0.
    """

    windows: tuple[float, ...]  # of each of the passage's windows, in order; empty when dense was not searched
    exact: float
    folded: float
    title: float

    @property
    def dense(self) -> float:
        """The best window's cosine, -1 when dense was not searched."""
        return max(self.windows, default=-1.0)

    def by_channel(self) -> dict[str, float]:
        """One score for each channel, in display order."""
        return {"dense": self.dense, "exact": self.exact, "folded": self.folded, "title": self.title}


class Candidate:
    """
    A passage that some channel returned, with every channel's scores.

    Loaded on first access: most candidates are dropped by their scores, and loading all of them took half the time of a
    search.

    Args:
        passage: the passage, or a function that loads it by row.
        row: its row in the index.
    """

    def __init__(self, passage: Passage | Callable[[int], Passage], scores: ChannelScores, row: int = -1) -> None:
        self._given = passage
        self.scores = scores
        self.row = row

    @cached_property
    def passage(self) -> Passage:
        """The passage itself."""
        return self._given if isinstance(self._given, Passage) else self._given(self.row)
