"""
The statistics that BM25 weighs terms by: of all passages, or of some collections' alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.index.scoring import bm25
from retrieval.index.scoring.field_query import Field

_CACHED = 1 << 14  # terms: a question looks up each of its terms a dozen times or more


class TermStatistics:
    """
    How many passages there are, how many hold a term, and how long they are.

    Args:
        passages: their number.
        averages: the mean length of each field in terms, (fields,) float64.
        count: how many of them hold a term in a field.
        among: the statistics of all passages, where these are of some.
    """

    def __init__(
        self,
        passages: int,
        averages: NDArray[np.float64],
        count: Callable[[Field, str], int],
        among: TermStatistics | None = None,
    ) -> None:
        self.passages = passages
        self.averages = averages
        # Closures over values, not over this object: a cycle would keep a replaced generation's files open for longer.
        self.frequency = frequency = lru_cache(_CACHED)(count)
        self.idf = lru_cache(_CACHED)(lambda field, term: bm25.idf(passages, frequency(field, term)))
        self._among = among

    def share_of_idf(self, field: Field, term: str) -> float:
        """The idf of a term in units of its idf among all passages."""
        return self.idf(field, term) / self._among.idf(field, term) if self._among else 1.0

    def of_some(
        self, count: Callable[[Field, str], int], averages: NDArray[np.float64], passages: int
    ) -> TermStatistics:
        """Of some of these passages, as many as `passages`."""

        def count_if_any(field: Field, term: str) -> int:
            return count(field, term) if self.frequency(field, term) else 0

        return TermStatistics(passages, averages, count_if_any, self)
