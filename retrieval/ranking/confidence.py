"""
The calibrated probability that the first passages answer, and the state shown for it.

A logistic model over a few features. Its weights, and the command that trains them, are in `confidence.json`: from
questions half of which have lost their answering paragraph while its neighbours stayed, and questions of other corpora.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Any, Literal

from retrieval.index.scoring.model_scale import BUNDLED_SCALE, ModelScale
from retrieval.question.query import Query
from retrieval.ranking.learned.calibration import Calibration, shipped_calibration
from retrieval.ranking.missing_names import MISSING_NAME_BOOST
from retrieval.ranking.score import RankedCandidate

State = Literal["found", "weak", "none"]
STATES: tuple[State, ...] = ("found", "weak", "none")  # the surest first
SHOWN_PASSAGES = 3  # passages that the reader sees at once
_FARTHEST = 10.0  # log odds between two passages: more says nothing more
_LONGEST = 30  # words of a question
_LEAST = 1e-6
# Of a Vietnamese question the documents hold at least this share, or they hardly answer it: of the development
# questions that are answered, two in a thousand fall below. What is missing counts by this, in log odds. Set by hand,
# since the development sets are of one language and size: in a corpus of three paragraphs one of them always leads.
_LEAST_COVERED, _UNCOVERED_SCALE = 0.25, -60.0


# Set by hand, since few development questions have such an answer: all of those are answered by it.
_IN_FORM = 2.0  # log odds


@dataclass(frozen=True, slots=True)
class ConfidenceFeatures:
    """
    The features that separate answered questions from unanswered ones.

    Few and plain on purpose: shares of matched words, whether the asked kind of thing (a date, a number) is there, and
    trees in place of weights brought nothing on corpora that the model had not seen.
    """

    cosine: float  # of the best window of any candidate
    near: float  # the best MaxSim score of the first passages
    covered: float  # share of the question's terms that the corpus holds, in [0, 1]
    lead: float  # of the first passage's score over the fourth's, at most 10
    gap: float  # of the first passage's score over the second's, at most 10
    spread: float  # of the best cosine over the candidates' mean
    length: float  # of the question in words, at most 30

    def values(self) -> tuple[float, ...]:
        """The features in the order of NAMES."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(field.name for field in fields(ConfidenceFeatures))


def confidence_features(
    ranked: Sequence[RankedCandidate], covered: float, question: str, scale: ModelScale = BUNDLED_SCALE
) -> ConfidenceFeatures:
    """The features of a ranking with at least one candidate; `covered`: see `fusion.coverage`."""
    behind = ranked[min(SHOWN_PASSAGES, len(ranked) - 1)]
    cosines = [place.features.cosine for place in ranked]
    return ConfidenceFeatures(
        cosine=max(cosines) + scale.cosine_shift,
        near=max(place.features.near for place in ranked[:SHOWN_PASSAGES]) + scale.near_shift,
        covered=covered,
        lead=min(scale.lead * (ranked[0].score - behind.score), _FARTHEST),
        gap=min(scale.lead * (ranked[0].score - ranked[min(1, len(ranked) - 1)].score), _FARTHEST),
        spread=max(cosines) - fmean(cosines) + scale.spread_shift,
        length=float(min(len(question.split()), _LONGEST)),
    )


def confidence(
    ranked: Sequence[RankedCandidate],
    covered: float,
    query: Query,
    *,
    missing_names: Sequence[str] = (),
    contradicted: bool = False,
    in_form: bool = False,
    scale: ModelScale = BUNDLED_SCALE,
    calibration: Calibration | None = None,
) -> float:
    """
    The probability, in [0, 1], that one of the first passages answers; 0 without candidates.

    `in_form`: whether the first passage answers in the form that is asked for, see `answer_form`. Neither of these is
    ever "found": `missing_names`, what the question names and none of these passages does, and `contradicted`, whether
    the first names years but none of the question's, or no sum where one is asked for. `scale`: of the model.
    `calibration`: None for the shipped one.
    """
    if not ranked:
        return 0.0
    # Across languages cosines are lower and words do not match, hence separate weights for foreign questions.
    learned = calibration or shipped_calibration()
    model = learned.model(foreign=query.foreign)
    odds = model.log_odds(zip(NAMES, confidence_features(ranked, covered, query.text, scale).values(), strict=True))
    if not query.foreign:
        odds += _UNCOVERED_SCALE * max(0.0, _LEAST_COVERED - covered)
    odds += _IN_FORM if in_form else 0.0
    probability = 1 / (1 + math.exp(-odds - (MISSING_NAME_BOOST if missing_names else 0.0)))
    return unsure(probability) if missing_names or contradicted else probability


def lowest(state: Literal["found", "weak"]) -> float:
    """The lowest probability of a state."""
    return float(_thresholds()[state])


def unsure(probability: float) -> float:
    """The probability, lowered so that it is not "found"."""
    return min(probability, lowest("found") - _LEAST)


def state_of(probability: float) -> State:
    """The state for a confidence."""
    if probability >= lowest("found"):
        return "found"
    return "weak" if probability >= lowest("weak") else "none"


@cache
def _thresholds() -> dict[str, Any]:
    return dict(json.loads((files("retrieval.ranking") / "confidence.json").read_text(encoding="utf-8")))
