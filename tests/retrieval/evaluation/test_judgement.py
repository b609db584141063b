"""The measures from ranks alone, against arithmetic done by hand."""

from __future__ import annotations

import math

import pytest

from retrieval.evaluation.judgement import MEASURES, RECALL, Judgement, compute_measures


def test_a_recall_curve() -> None:
    """One right passage at rank 1, one at rank 3, one not found: a third from rank 1, two thirds from rank 3."""
    judgements = [Judgement((1,), 1), Judgement((3,), 1), Judgement((), 1)]

    found = list(compute_measures(judgements, RECALL).values())

    assert found == pytest.approx([1 / 3, 1 / 3] + [2 / 3] * 8)


def test_several_right_passages() -> None:
    """Of three right ones two stand at ranks 2 and 10: RR 1/2, recall 2/3, the ideal gain is that of ranks 1 to 3."""
    found = compute_measures([Judgement((2, 10), 3)])

    ideal = 1 + 1 / math.log2(3) + 1 / 2
    gain = 1 / math.log2(3) + 1 / math.log2(11)
    assert found == pytest.approx({"RR@10": 1 / 2, "nDCG@10": gain / ideal, "R@1": 0, "R@3": 1 / 3, "R@10": 2 / 3})


def test_unanswerable_questions_do_not_count() -> None:
    """Nor does a set of nothing else divide by zero."""
    unanswerable = Judgement((), 0)

    found = compute_measures([Judgement((1,), 1), unanswerable]), compute_measures([unanswerable]), compute_measures([])

    assert found == (dict.fromkeys(MEASURES, 1.0), dict.fromkeys(MEASURES, 0.0), dict.fromkeys(MEASURES, 0.0))
