"""
How likely it is that one of the first passages answers: a calibrated probability, and the state that staff see.

A logistic model over a few signs; its weights are in `confidence.json` beside this file, learned from questions
asked of their own corpus and of others' (which cannot answer them), with the command that learns them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from retrieval.index.lexical import Field
from retrieval.question.query import Query
from retrieval.ranking.order import Ranked

State = Literal["found", "weak", "none"]
SHOWN = 3  # passages that staff see at once


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells an answered question from an unanswered one; shares in [0, 1]."""

    cosine: float  # of the best window of the first passage
    late: float  # how near its tokens come to the question's
    covered: float  # how much of the question the corpus has words for
    overlap: float  # the first passage's BM25 as a share of what the question's terms alone could get
    sentence_words: float  # the best of the first passages
    sentence_pairs: float
    run: float  # the longest stretch of the question in the first passages, as a share of the question
    lead: float  # by how much the first passage's score is ahead of the fourth's, at most 10
    short: float  # 1 / number of the question's terms: shares of few terms say little

    def values(self) -> tuple[float, ...]:
        """The signs in the order of NAMES."""
        return astuple(self)


NAMES = tuple(field.name for field in fields(Signs))


def signs(ranked: Sequence[Ranked], query: Query, idf: Callable[[Field, str], float], covered: float) -> Signs:
    """The signs in a ranking of at least one candidate."""
    first, shown = ranked[0], [place.evidence for place in ranked[:SHOWN]]
    highest = 2.2 * sum(idf("folded", term) for term in query.telling)  # BM25's k1 + 1, for each term
    fourth = ranked[SHOWN].score if len(ranked) > SHOWN else first.score
    length = max(len(query.text.split()), 1)
    return Signs(
        cosine=first.evidence.cosine,
        late=first.evidence.late,
        covered=covered,
        overlap=first.candidate.scores.folded / highest if highest else 0.0,
        sentence_words=max(evidence.sentence_words for evidence in shown),
        sentence_pairs=max(evidence.sentence_pairs for evidence in shown),
        run=max(evidence.run for evidence in shown) / length,
        lead=min(first.score - fourth, 10.0),
        short=1 / length,
    )


def confidence(ranked: Sequence[Ranked], query: Query, idf: Callable[[Field, str], float], covered: float) -> float:
    """The probability, in [0, 1], that one of the first passages answers; 0 when there is none."""
    if not ranked:
        return 0.0
    # Across languages cosines are lower and words do not meet, so foreign questions have weights of their own.
    model = _model()["foreign" if query.foreign else "same language"]
    found = zip(NAMES, signs(ranked, query, idf, covered).values(), strict=True)
    logit = model["intercept"] + sum(model["weights"].get(name, 0.0) * value for name, value in found)
    return 1 / (1 + math.exp(-logit))


def state_of(probability: float) -> State:
    """The state for a confidence."""
    model = _model()
    if probability >= model["found"]:
        return "found"
    return "weak" if probability >= model["weak"] else "none"


@cache
def _model() -> dict[str, Any]:
    return dict(json.loads((files("retrieval.ranking") / "confidence.json").read_text(encoding="utf-8")))
