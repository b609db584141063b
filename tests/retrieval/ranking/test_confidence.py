"""Confidence: a probability that falls into three states, on the real model and the seeds."""

from __future__ import annotations

import pytest

from retrieval.evaluation.evaluator import SetReport, evaluate
from retrieval.evaluation.questions import read_question_file
from retrieval.question.understanding import understand
from retrieval.ranking.confidence import confidence, state_of
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.corpus import SEEDS


@pytest.fixture(scope="module")
def english(answering: Retriever) -> SetReport:
    """Two dozen English questions on the seeds, half of them without an answer there."""
    return evaluate(answering, read_question_file(SEEDS.parent / "tests" / "english-dev.jsonl"), mode="full")


def test_states_follow_the_probability() -> None:
    """Certain is found, impossible is none, and weak lies between."""
    states = [state_of(probability / 100) for probability in range(101)]

    assert list(dict.fromkeys(states)) == ["none", "weak", "found"]


def test_nothing_ranked_is_no_confidence() -> None:
    """An empty ranking is no answer."""
    query = understand("Ai ký?", Counted("ai ký"))

    assert confidence([], 1.0, query) == 0.0


def test_english_questions_find_vietnamese_paragraphs(english: SetReport) -> None:
    """Measured: twelve of twelve within the first three; English words alone would find none."""
    assert english.measures["R@3"] >= 0.9


def test_questions_that_nothing_was_tuned_on_do_as_well(answering: Retriever) -> None:
    """Measured on 40 and 10 held out: 39 in the first three, none of the 10 found."""
    questions = read_question_file(SEEDS.parent / "tests" / "english-held-out.jsonl")

    report = evaluate(answering, questions, mode="full")

    assert report.measures["R@3"] >= 0.95
    assert report.states["unanswerable"]["found"] == 0.0


def test_english_questions_without_an_answer_are_not_presented_as_answered(english: SetReport) -> None:
    """And some with an answer are: a model that always says none would pass the first half."""
    assert english.states["unanswerable"]["found"] <= 0.1
    assert english.states["answerable"]["none"] <= 0.5
