"""
Candidates: passages that some channel returned, with every channel's scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from retrieval.index.scoring.passage_words import PassageWords, passage_words
from retrieval.passage import Passage

# Names a passage within one opened generation; what it is made of is the engine's own affair. Keys are hashable and
# sort in reading order.
PassageKey = Any


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
        passage: the passage, or a function that loads it by key.
        key: names it within its generation.
    """

    def __init__(
        self, passage: Passage | Callable[[PassageKey], Passage], scores: ChannelScores, key: PassageKey = -1
    ) -> None:
        self._given = passage
        self.scores = scores
        self.key = key

    @cached_property
    def passage(self) -> Passage:
        """The passage itself."""
        return self._given if isinstance(self._given, Passage) else self._given(self.key)

    @cached_property
    def words(self) -> PassageWords:
        """The passage's words; split anew where the engine has not set them."""
        return passage_words(self.passage.text)
