"""The conditional logit, beside hand arithmetic and a brute-force search."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.evaluation.calibrating.conditional_logit import Choices, fit, losses

# Two questions with two candidates each; one feature, larger on the right candidate of the first question only.
PAIRS = Choices(
    evidence=np.array([[1.0], [0.0], [0.0], [0.5]]),
    offset=np.zeros(4),
    right=np.array([True, False, True, False]),
    question=np.array([0, 0, 1, 1]),
)


def test_losses_are_the_negative_log_of_the_softmax() -> None:
    """With weight 2: ln(1 + e^-2) and ln(1 + e^1)."""
    found = losses(PAIRS, np.array([2.0]))

    assert found == pytest.approx([np.log1p(np.exp(-2)), np.log1p(np.exp(1))])


def test_the_offset_counts_as_it_is() -> None:
    """An offset of 1 on the wrong candidate is an advantage of e."""
    found = losses(
        Choices(np.zeros((2, 1)), np.array([0.0, 1.0]), np.array([True, False]), np.array([0, 0])), np.ones(1)
    )

    assert found == pytest.approx([np.log1p(np.e)])


def test_the_fit_is_the_least_of_a_search() -> None:
    """With hardly any ridge it is where mean loss is least over a fine grid."""
    (found,) = fit([PAIRS], ridge=1e-9)

    grid = np.linspace(0, 10, 10_001)
    best = grid[np.argmin([losses(PAIRS, np.array([weight])).mean() for weight in grid])]
    assert found == pytest.approx(best, abs=2e-3)


def test_a_heavy_ridge_keeps_the_prior() -> None:
    """What is known before weighs more than two questions."""
    (found,) = fit([PAIRS], ridge=1e6, prior=np.array([3.0]))

    assert found == pytest.approx(3.0, abs=1e-3)


def test_no_weight_falls_below_zero() -> None:
    """A feature that is larger on wrong candidates is left out, not turned round."""
    turned = Choices(-PAIRS.evidence[:2], np.zeros(2), PAIRS.right[:2], PAIRS.question[:2])

    (found,) = fit([turned], ridge=1e-6)

    assert found == 0.0


def test_a_right_candidate_far_below_the_best_has_a_loss_too() -> None:
    """Its likelihood is too small for a number, its logarithm is not; a question without one has none."""
    evidence = np.array([[2000.0], [0.0], [1.0], [0.0]])
    right = np.array([False, True, False, False])

    found = losses(Choices(evidence, np.zeros(4), right, np.array([0, 0, 1, 1])), np.array([1.0]))

    assert found == pytest.approx([2000.0])
