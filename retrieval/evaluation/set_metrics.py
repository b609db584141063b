"""
Metrics of one question set, asked in one mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.evaluator import EvaluatedQuestion, state_shares
from retrieval.evaluation.highlight_shares import HighlightShares
from retrieval.evaluation.judgement import RECALL, compute_measures
from retrieval.evaluation.mode import Mode
from retrieval.evaluation.reliability import Reliability, reliability
from retrieval.evaluation.result import Result

PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True)
class SetMetrics:
    """
    The metrics of one set and mode.

    Shares and measures in [0, 1]; the measures are means over the answerable questions.
    """

    set_name: str
    mode: Mode
    fingerprint: str  # of the model
    answerable: int  # questions
    unanswerable: int
    measures: dict[str, float]
    recall: tuple[float, ...]  # R@1, R@2 … R@10
    states: dict[str, dict[str, float]]  # "answerable", "unanswerable" -> share in each state
    reliability: Reliability
    milliseconds: dict[str, dict[str, float]]  # stage -> "p50", "p95"
    highlights: HighlightShares | None


def compute_set_metrics(
    results: Sequence[Result],
    *,
    fingerprint: str,
    milliseconds: dict[str, dict[str, float]],
    highlights: HighlightShares | None,
) -> SetMetrics:
    """Compute the metrics of at least one result, all of one set and mode."""
    judgements = [result.judgement for result in results]
    return SetMetrics(
        set_name=results[0].set_name,
        mode=results[0].mode,
        fingerprint=fingerprint,
        answerable=sum(result.answerable for result in results),
        unanswerable=sum(not result.answerable for result in results),
        measures=compute_measures(judgements),
        recall=tuple(compute_measures(judgements, RECALL).values()),
        states=states(results),
        reliability=reliability(results),
        milliseconds=milliseconds,
        highlights=highlights,
    )


def states(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """The share of questions in each state, for "answerable" and "unanswerable" questions."""
    return {
        "answerable": state_shares(result.state for result in results if result.answerable),
        "unanswerable": state_shares(result.state for result in results if not result.answerable),
    }


def stage_percentiles(outcomes: Sequence[EvaluatedQuestion]) -> dict[str, dict[str, float]]:
    """Percentiles of the milliseconds of each stage of answering, in order, and of "total"."""
    spent: dict[str, list[float]] = {}
    for outcome in outcomes:
        for stage, milliseconds in outcome.answer.milliseconds.items():
            spent.setdefault(stage, []).append(milliseconds)
    return {
        stage: {f"p{p}": round(float(np.percentile(values, p)), 1) for p in PERCENTILES}
        for stage, values in spent.items()
    }
