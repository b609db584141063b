"""
The Candidate: a passage that some channel put forward, with every channel's score of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from retrieval.passage import Passage


@dataclass(frozen=True, slots=True)
class ChannelScores:
    """
    What each channel says of one passage, higher is better: cosines in [-1, 1], BM25 sums from 0.
    """

    windows: tuple[float, ...]  # one for each of the passage's windows, in order; empty when dense was not asked
    exact: float
    folded: float
    title: float

    @property
    def dense(self) -> float:
        """The best window's cosine, -1 when dense was not asked."""
        return max(self.windows, default=-1.0)

    def by_channel(self) -> dict[str, float]:
        """Each channel's one score by its name, in the order in which they are shown."""
        return {"dense": self.dense, "exact": self.exact, "folded": self.folded, "title": self.title}


class Candidate:
    """
    A passage that some channel put forward, with every channel's score of it. It is read when it is looked at: most
    candidates are left behind by their scores, and reading all of them took half the time of a search.

    Args:
        passage: itself, or how to read it by its row.
        row: where its index has it.
    """

    def __init__(self, passage: Passage | Callable[[int], Passage], scores: ChannelScores, row: int = -1) -> None:
        self._given = passage
        self.scores = scores
        self.row = row

    @cached_property
    def passage(self) -> Passage:
        """The passage itself."""
        return self._given if isinstance(self._given, Passage) else self._given(self.row)
