"""
The calibrated probability that the first passages answer, and the state shown for it.

A logistic model over a few features. Its weights, and the command that trains them, are in `confidence.json`: from
questions asked of their own corpus and of others, which cannot answer them.
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
STATES: tuple[State, ...] = ("found", "weak", "none")  # the surest first
SHOWN_PASSAGES = 3  # passages that the reader sees at once


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """
    The features that separate answered questions from unanswered ones.

    Few and plain on purpose. Shares of matched words and the question's length overfitted to some sets: AUC over all
    sets, each scored by a model of the others, was 0.960 with them and 0.975 without.
    """

    cosine: float  # of the best window of any candidate
    near: float  # the best MaxSim score of the first passages
    covered: float  # share of the question's terms that the corpus holds, in [0, 1]
    lead: float  # of the first passage's score over the fourth's, at most 10

    def values(self) -> tuple[float, ...]:
        """The features in the order of NAMES."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(field.name for field in fields(ConfidenceFeatures))


def confidence_features(ranked: Sequence[RankedCandidate], covered: float) -> ConfidenceFeatures:
    """The features of a ranking with at least one candidate; `covered`: see `fusion.coverage`."""
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
    The probability, in [0, 1], that one of the first passages answers; 0 without candidates.

    `missing_names`: what the question names and none of these passages does.
    """
    if not ranked:
        return 0.0
    # Across languages cosines are lower and words do not match, hence separate weights for foreign questions.
    model = _model()["foreign" if foreign else "same language"]
    found = zip(NAMES, confidence_features(ranked, covered).values(), strict=True)
    odds = model["intercept"] + sum(model["weights"][name] * value for name, value in found)
    return 1 / (1 + math.exp(-odds - (MISSING_NAME_BOOST if missing_names else 0.0)))


def lowest(state: Literal["found", "weak"]) -> float:
    """The lowest probability of a state."""
    return float(_model()[state])


def state_of(probability: float) -> State:
    """The state for a confidence."""
    model = _model()
    if probability >= model["found"]:
        return "found"
    return "weak" if probability >= model["weak"] else "none"


@cache
def _model() -> dict[str, Any]:
    return dict(json.loads((files("retrieval.ranking") / "confidence.json").read_text(encoding="utf-8")))
