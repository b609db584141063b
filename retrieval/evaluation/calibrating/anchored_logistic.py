"""
A logistic model that stays near another one unless the examples say otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]
_INTERCEPT_RIDGE = 0.1  # of a weight's: how many questions have an answer differs most from one place to the next


def fit(rows: Floats, labels: NDArray[np.bool_], prior: Floats, *, ridge: float) -> Floats:
    """
    Intercept and weights (1 + features,).

    Args:
        rows: (examples, features).
        prior: intercept and weights to stay near.
        ridge: what a step of a feature's standard deviation away from the prior costs, squared.
    """
    scale = np.concatenate([[1.0], rows.std(axis=0) + 1e-9])
    # Centred, so that the intercept and the weights are learned apart.
    centre = np.concatenate([[0.0], rows.mean(axis=0)])
    design = (np.column_stack([np.ones(len(rows)), rows]) - centre) / scale
    start = prior * scale
    start[0] += float(centre[1:] @ prior[1:])
    costs = ridge * np.concatenate([[_INTERCEPT_RIDGE], np.ones(rows.shape[1])])
    signs = np.where(labels, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        away, margins = weights - start, signs * (design @ weights)
        slope = -(design.T @ (signs * expit(-margins))) / len(rows)
        return float(np.logaddexp(0, -margins).mean() + costs @ away**2), slope + 2 * costs * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x / scale
    found[0] -= float(centre[1:] @ found[1:])
    return np.asarray(found)


def log_losses(odds: Floats, labels: NDArray[np.bool_]) -> Floats:
    """The negative log likelihood of each label by its log odds, both (examples,)."""
    return np.asarray(np.logaddexp(0, np.where(labels, -odds, odds)))
