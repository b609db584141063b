"""
How surely one of the first passages answers, by a cross-encoder.

The features of the confidence see whether the passages speak of what is asked. Question and passage read together tell
whether they say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index.contract import Rarity
from retrieval.question.query import Query
from retrieval.ranking.answerability.stretch import best_stretch


class PairJudge(Protocol):
    """What judges whether texts answer a question: see `embeddings.CrossEncoder`."""

    def log_odds(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """The log odds that each text answers the question, (n,) float32."""


def answer_log_odds(judge: PairJudge, query: Query, rarity: Rarity, passages: Sequence[str]) -> float | None:
    """
    The highest log odds that one of these texts answers the query.

    None where it cannot be judged: no passages, or a question in another language than the texts, on which the
    cross-encoder was not trained.
    """
    if query.foreign or not passages:
        return None
    weights = {term: rarity.idf("folded", term) for term in query.match_terms}
    return float(judge.log_odds(query.text, [best_stretch(text, weights) for text in passages]).max())
