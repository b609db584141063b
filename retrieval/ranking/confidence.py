"""
How likely it is that the first passage answers: a probability, and the three states that staff see.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

from retrieval.index.lexical import Field
from retrieval.question.query import Query
from retrieval.ranking.fusion import Ranked

State = Literal["found", "weak", "none"]

FOUND = 0.6
WEAK = 0.25
_INTERCEPT, _COSINE, _OVERLAP = -38.0, 42.0, 6.0


def confidence(ranked: Sequence[Ranked], query: Query, idf: Callable[[Field, str], float]) -> float:
    """The probability, in [0, 1], that the first passage answers; 0 when there is none."""
    if not ranked:
        return 0.0
    first = ranked[0].candidate.scores
    logit = _INTERCEPT + _COSINE * first.dense + _OVERLAP * overlap(first.folded, query, idf)
    return 1 / (1 + math.exp(-logit))


def overlap(folded: float, query: Query, idf: Callable[[Field, str], float]) -> float:
    """A folded BM25 score as a share of what a passage made of the question's terms alone could get."""
    # BM25's term frequency factor is at most k1 + 1 = 2.2.
    highest = 2.2 * sum(idf("folded", term) for term in query.telling)
    return folded / highest if highest else 0.0


def state_of(probability: float) -> State:
    """The state for a confidence."""
    if probability >= FOUND:
        return "found"
    return "weak" if probability >= WEAK else "none"
