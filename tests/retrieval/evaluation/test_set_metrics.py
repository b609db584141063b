"""What results come to, against arithmetic done by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.evaluation.evaluator import EvaluatedQuestion, evaluate
from retrieval.evaluation.questions import EvalQuestion
from retrieval.evaluation.set_metrics import stage_percentiles, states
from retrieval.retriever import Retriever
from tests.retrieval.evaluation.conftest import result
from tests.support.encoders import BagEncoder


@pytest.fixture
def outcome(indexed: Callable[..., Path], encoder: BagEncoder) -> EvaluatedQuestion:
    """Any outcome."""
    question = EvalQuestion("a", "Đơn vị có bao nhiêu người?", (), alternatives=True)
    retriever = Retriever(indexed(a="Báo cáo\n\nĐơn vị có 70 người."), encoder)
    return evaluate(retriever, [question], mode="full").outcomes[0]


def test_percentiles_of_every_stage(outcome: EvaluatedQuestion) -> None:
    """Of 10, 20 and 30 ms the middle is 20; 95 % of the way is 0.9 of the step from 20 to 30."""
    outcomes = [
        replace(outcome, answer=replace(outcome.answer, milliseconds={"rank": spent, "total": 2 * spent}))
        for spent in (30.0, 10.0, 20.0)
    ]

    found = stage_percentiles(outcomes)

    assert found == {"rank": {"p50": 20.0, "p95": 29.0}, "total": {"p50": 40.0, "p95": 58.0}}


def test_a_real_answer_has_its_stages(outcome: EvaluatedQuestion) -> None:
    """In the order in which they come, the total last."""
    assert list(stage_percentiles([outcome])) == list(outcome.answer.milliseconds)
    assert list(outcome.answer.milliseconds)[-1] == "total"


def test_shares_of_states() -> None:
    """Of two answerable questions one is found, one none; the unanswerable one is weak."""
    found = states([result("a"), result("b", 0, state="none"), result("c", None, state="weak")])

    assert found == {
        "answerable": {"found": 0.5, "weak": 0.0, "none": 0.5},
        "unanswerable": {"found": 0.0, "weak": 1.0, "none": 0.0},
    }
