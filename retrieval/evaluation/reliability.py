"""
How reliable the confidence is: discrimination (AUC) and calibration (ECE).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.result import Result

BINS = 10  # of equal width over [0, 1]


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """
    The questions whose confidence is from `low` to `low` + 1 / BINS.

    Means over them, in [0, 1].
    """

    low: float
    questions: int
    confidence: float  # mean
    answered: float  # share with a right passage among the first three


@dataclass(frozen=True, slots=True)
class Reliability:
    """
    Discrimination and calibration of the confidence.

    `area` is None where answerable or unanswerable questions are missing; empty bins are left out.
    """

    area: float | None  # under the ROC curve, answerable against unanswerable questions
    error: float  # expected calibration error
    bins: tuple[ConfidenceBin, ...]


def reliability(results: Sequence[Result]) -> Reliability:
    """Compute the reliability of the confidence; an unanswerable question counts as not answered."""
    bins = tuple(_bins(results))
    return Reliability(
        area=area_under_curve(
            [result.confidence for result in results if result.answerable],
            [result.confidence for result in results if not result.answerable],
        ),
        error=calibration_error(bins),
        bins=bins,
    )


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """
    The area under the ROC curve; None when positives or negatives are missing.

    This is the probability that a positive scores above a negative, ties counting half (Hanley & McNeil 1982).
    """
    if not positive or not negative:
        return None
    above = np.asarray(positive)[:, None] - np.asarray(negative)
    return float(np.mean((above > 0) + 0.5 * (above == 0)))


def calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """
    The expected calibration error (Naeini et al. 2015).

    The mean distance of confidence and share answered over the bins, weighted by their number of questions.
    """
    total = sum(b.questions for b in bins)
    return sum(b.questions * abs(b.confidence - b.answered) for b in bins) / total if total else 0.0


def _bins(results: Sequence[Result]) -> list[ConfidenceBin]:
    by_number: dict[int, list[Result]] = {}
    for result in results:
        by_number.setdefault(min(int(result.confidence * BINS), BINS - 1), []).append(result)
    return [
        ConfidenceBin(
            low=number / BINS,
            questions=len(inside),
            confidence=sum(result.confidence for result in inside) / len(inside),
            answered=sum(result.is_shown for result in inside) / len(inside),
        )
        for number, inside in sorted(by_number.items())
    ]
