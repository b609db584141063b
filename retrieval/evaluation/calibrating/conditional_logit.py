"""
The conditional logit: weights that make the right candidates of each question likeliest.

Of a question's candidates, the probability that one answers is the softmax of their scores (McFadden 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choices:
    """
    Questions with their candidates, one after the other.

    `evidence` (candidates, features) and `offset` (candidates,) float64: a score is evidence @ weights + offset;
    `right` (candidates,) bool; `question` (candidates,) int64, from 0 without gaps.
    """

    evidence: Floats
    offset: Floats
    right: NDArray[np.bool_]
    question: NDArray[np.int64]


def fit(sets: Sequence[Choices], *, ridge: float, prior: Floats | None = None) -> Floats:
    """
    The weights (features,), none below 0, by L-BFGS; each set counts alike.

    Args:
        ridge: what a step of a feature's standard deviation away from the prior costs, squared.
        prior: weights to stay near, 0 for None.
    """
    scale = np.concatenate([choices.evidence for choices in sets]).std(axis=0) + 1e-9
    start = np.zeros(len(scale)) if prior is None else prior * scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        away = weights - start
        total, gradient = ridge * float(away @ away), 2 * ridge * away
        for choices in sets:
            losses, slope = _losses(choices, choices.evidence / scale, weights)
            total, gradient = total + float(losses.mean()) / len(sets), gradient + slope / len(sets)
        return total, gradient

    # No feature may count against a passage: what looks so in one set is chance in the next.
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(scale))
    return np.asarray(found.x / scale)


def losses(choices: Choices, weights: Floats) -> Floats:
    """The negative log likelihood of the right candidates, (questions with a right candidate,)."""
    return _losses(choices, choices.evidence, weights)[0]


def _losses(choices: Choices, evidence: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The losses, and the gradient of their mean."""
    group, count = choices.question, int(choices.question.max()) + 1
    scores = evidence @ weights + choices.offset
    everything = _log_sum_exp(scores, group, count)
    right = _log_sum_exp(scores[choices.right], group[choices.right], count)
    answerable = right > -np.inf
    likely = np.exp(scores - everything[group])
    share = np.zeros_like(scores)
    share[choices.right] = np.exp((scores - right[group])[choices.right])
    pull = np.where(answerable[group], share - likely, 0)
    return (everything - right)[answerable], -(evidence.T @ pull) / answerable.sum()


def _log_sum_exp(scores: Floats, group: NDArray[np.int64], count: int) -> Floats:
    """
    The log of the sum of exponentials in each group, -inf in one without scores.

    Taken from the highest, so that a right candidate far below the best does not vanish.
    """
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, group, scores)
    total = np.bincount(group, np.exp(scores - highest[group]), count)
    with np.errstate(divide="ignore"):
        return highest + np.log(total)
