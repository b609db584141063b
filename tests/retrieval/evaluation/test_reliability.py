"""AUC and calibration error, against arithmetic done by hand and scikit-learn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from retrieval.evaluation.reliability import ConfidenceBin, area_under_curve, reliability
from tests.retrieval.evaluation.conftest import result

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=30)


def test_an_area_by_hand() -> None:
    """Of six pairs 0.9 wins three, 0.4 wins one, ties one and loses one: 4.5 of 6."""
    assert area_under_curve([0.9, 0.4], [0.1, 0.4, 0.7]) == pytest.approx(4.5 / 6)


@given(SCORES, SCORES)
def test_the_area_is_scikit_learns(positive: list[float], negative: list[float]) -> None:
    """Ties included."""
    expected = roc_auc_score([1] * len(positive) + [0] * len(negative), positive + negative)

    assert area_under_curve(positive, negative) == pytest.approx(expected)


def test_no_area_without_both() -> None:
    """Only answerable, or only unanswerable questions."""
    assert (area_under_curve([], [0.1]), area_under_curve([0.1], [])) == (None, None)


def test_a_calibration_error_by_hand() -> None:
    """
    Two questions at 0.82 and 0.88, one answered by the first three: |0.85 - 0.5|. One at 1.0, unanswerable: |1 - 0|.
    One at 0.05, at rank 4, which staff do not see: |0.05 - 0|. Together (2 * 0.35 + 1 + 0.05) / 4.
    """
    results = [
        result("a", 3, confidence=0.82),
        result("b", 0, confidence=0.88),
        result("c", None, confidence=1.0),
        result("d", 4, confidence=0.05),
    ]

    found = reliability(results)

    assert found.error == pytest.approx((2 * 0.35 + 1 + 0.05) / 4)
    assert found.bins == (
        ConfidenceBin(0.0, 1, 0.05, 0.0),
        ConfidenceBin(0.8, 2, pytest.approx(0.85), 0.5),
        ConfidenceBin(0.9, 1, 1.0, 0.0),
    )


def test_the_area_tells_answerable_from_unanswerable() -> None:
    """Whether a right passage was found plays no part: 0.2 and 0.6 against 0.4 is one pair of two."""
    results = [result("a", 0, confidence=0.6), result("b", 1, confidence=0.2), result("c", None, confidence=0.4)]

    assert reliability(results).area == 0.5


def test_no_questions() -> None:
    """Nothing to be sure of: no error, no division by zero."""
    found = reliability([])

    assert (found.area, found.error, found.bins) == (None, 0.0, ())
