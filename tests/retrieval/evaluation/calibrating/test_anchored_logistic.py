"""The anchored logistic model, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from retrieval.evaluation.calibrating.anchored_logistic import fit, log_losses

RANDOM = np.random.default_rng(1)
ROWS = RANDOM.normal(size=(400, 3)) * [1, 5, 0.2] + [0, 10, -3]
LABELS = RANDOM.random(400) < 1 / (1 + np.exp(-(0.5 + ROWS @ [1.0, 0.3, 2.0] - 3 + 6)))


def test_without_a_ridge_it_is_plain_logistic_regression() -> None:
    """The same intercept and weights as scikit-learn finds without a penalty."""
    found = fit(ROWS, LABELS, np.array([9.0, -1.0, 1.0, 0.0]), ridge=1e-9)

    plain = LogisticRegression(C=np.inf, tol=1e-8, max_iter=10_000).fit(ROWS, LABELS)
    assert found == pytest.approx([*plain.intercept_, *plain.coef_[0]], abs=0.05)


def test_a_heavy_ridge_keeps_the_prior() -> None:
    """Intercept and weights stay as they were, also where features are far from 0."""
    prior = np.array([1.0, 2.0, 0.1, -1.0])

    found = fit(ROWS, LABELS, prior, ridge=1e7)

    assert found == pytest.approx(prior, abs=1e-3)


def test_losses_are_the_negative_log_likelihood() -> None:
    """Log odds of 2 for a label that holds and one that does not."""
    found = log_losses(np.array([2.0, 2.0]), np.array([True, False]))

    assert found == pytest.approx([np.log1p(np.exp(-2)), np.log1p(np.exp(2))])
