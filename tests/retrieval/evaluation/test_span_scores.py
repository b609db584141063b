"""Spans beside the answers of a set."""

from __future__ import annotations

import pytest

from retrieval.evaluation.judgement import SpanScores, span_scores


def test_spans_are_judged_by_the_answer_that_they_fit_best() -> None:
    """One exact but for case and punctuation, one half right, one question without a span, one without answers."""
    spans = [
        ("Năm 1950.", ("1950", "năm 1950")),
        ("hơn 100 quốc gia", ("100 nước",)),
        ("", ("ở Huế",)),
        ("70 người", ()),
    ]

    scores = span_scores(spans)

    assert scores is not None
    assert scores.shown == pytest.approx(2 / 3, abs=1e-4)
    assert scores.exact == 0.5
    assert scores.f1 == pytest.approx((1 + 2 / 6) / 2, abs=1e-4)


def test_a_wrong_span_scores_nothing() -> None:
    """It is shown all the same, so it counts."""
    assert span_scores([("70 người", ("ở Huế",))]) == SpanScores(1.0, 0.0, 0.0)


def test_a_set_without_answers_has_no_scores() -> None:
    """Nothing could be compared."""
    assert span_scores([("70 người", ()), ("", ())]) is None
