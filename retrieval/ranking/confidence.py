"""
How likely it is that one of the first passages answers: a calibrated probability, and the state that staff see.

A logistic model over a few signs; its weights are in `confidence.json` beside this file, learned from questions
asked of their own corpus and of others' (which cannot answer them), with the command that learns them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from retrieval.ranking.missing_names import MISSING_NAME_BOOST
from retrieval.ranking.score import RankedCandidate

State = Literal["found", "weak", "none"]
SHOWN_PASSAGES = 3  # passages that staff see at once


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """
    What tells an answered question from an unanswered one. Few and plain: shares of matched words and the length of
    the question were signs too; they taught the habits of some sets and misled on the next (AUC over all sets, each by
    a model of the others: 0.960 with them, 0.975 without).
    """

    cosine: float  # of the best window of any candidate
    near: float  # how near the tokens of one of the first passages come to the question's
    covered: float  # how much of the question the corpus has words for, in [0, 1]
    lead: float  # by how much the first passage's score is ahead of the fourth's, at most 10

    def values(self) -> tuple[float, ...]:
        """The signs in the order of NAMES."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(field.name for field in fields(ConfidenceFeatures))


def confidence_features(ranked: Sequence[RankedCandidate], covered: float) -> ConfidenceFeatures:
    """The signs in a ranking of at least one candidate; `covered`: see `fusion.coverage`."""
    behind = ranked[min(SHOWN_PASSAGES, len(ranked) - 1)]
    return ConfidenceFeatures(
        cosine=max(place.features.cosine for place in ranked),
        near=max(place.features.near for place in ranked[:SHOWN_PASSAGES]),
        covered=covered,
        lead=min(ranked[0].score - behind.score, 10.0),
    )


def confidence(
    ranked: Sequence[RankedCandidate], covered: float, *, foreign: bool, missing_names: Sequence[str] = ()
) -> float:
    """
    The probability, in [0, 1], that one of the first passages answers; 0 when there is none.
    `missing_names`: what the question names and none of them does.
    """
    if not ranked:
        return 0.0
    # Across languages cosines are lower and words do not meet, so foreign questions have weights of their own.
    model = _model()["foreign" if foreign else "same language"]
    found = zip(NAMES, confidence_features(ranked, covered).values(), strict=True)
    odds = model["intercept"] + sum(model["weights"][name] * value for name, value in found)
    return 1 / (1 + math.exp(-odds - (MISSING_NAME_BOOST if missing_names else 0.0)))


def state_of(probability: float) -> State:
    """The state for a confidence."""
    model = _model()
    if probability >= model["found"]:
        return "found"
    return "weak" if probability >= model["weak"] else "none"


@cache
def _model() -> dict[str, Any]:
    return dict(json.loads((files("retrieval.ranking") / "confidence.json").read_text(encoding="utf-8")))
