"""
Two calibrations side by side: what they are worth on the marked questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from retrieval.evaluation.calibrating.calibrate import Judged, confidence_losses, log_odds
from retrieval.evaluation.judgement import DEPTH, Judgement
from retrieval.evaluation.reliability import ConfidenceBin, reliability
from retrieval.evaluation.result import Result
from retrieval.ranking.confidence import state_of


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The figures of one calibration over the marked questions.

    Those of the order are over the answerable questions as they are, those of the confidence over all questions and the
    same without their right passages. Shares and means in [0, 1].
    """

    reciprocal_rank: float  # RR@10
    bare_reciprocal_rank: float
    loss: float  # mean negative log likelihood of whether the first passages answer
    area: float | None  # under the ROC curve, answerable against unanswerable
    error: float  # expected calibration error
    found: float  # share of the answerable questions
    none: float  # share of the answerable questions
    false_found: float  # share of the unanswerable ones
    bins: tuple[ConfidenceBin, ...]

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON."""
        return asdict(self)


def figures(judged: Sequence[Judged]) -> Figures:
    """The figures of examples, each judged by its calibration."""
    results = [_result(each) for each in judged]
    measured = reliability(results)
    states = {wanted: [r.state for r in results if r.answerable == wanted] for wanted in (True, False)}
    losses = [loss for each in judged for loss in confidence_losses([each.example], each.calibration).values()]
    return Figures(
        reciprocal_rank=_mean_reciprocal_rank(results, "full"),
        bare_reciprocal_rank=_mean_reciprocal_rank(results, "bare"),
        loss=float(np.mean(losses)),
        area=measured.area,
        error=measured.error,
        found=_share(states[True], "found"),
        none=_share(states[True], "none"),
        false_found=_share(states[False], "found"),
        bins=measured.bins,
    )


def _result(each: Judged) -> Result:
    example, sure = each.example, float(expit(log_odds(each.example, each.calibration)))
    rank = example.rank(each.calibration.weights)
    return Result(
        set_name="marked",
        question_id=str(example.question),
        mode=example.mode,
        text=example.text,
        kind="",
        judgement=Judgement((rank,) if 0 < rank <= DEPTH else (), int(example.answerable)),
        state=state_of(sure),
        confidence=sure,
        first=None,
        failure=None,
    )


def _mean_reciprocal_rank(results: Sequence[Result], mode: str) -> float:
    ranks = [result.rank for result in results if result.answerable and result.mode == mode]
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks])) if ranks else 0.0


def _share(states: Sequence[str], state: str) -> float:
    return states.count(state) / len(states) if states else 0.0
