"""A small fixed sample of `make fuzz`, without its guidance by coverage."""

from __future__ import annotations

import random

import pytest

from retrieval.question.understanding import understand
from tests.fuzz import targets as module
from tests.fuzz.targets import QUESTION, Target, targets

pytestmark = pytest.mark.slow

_SAMPLE = 40


@pytest.fixture(scope="module")
def question() -> Target:
    return targets()[QUESTION]


def test_questions_and_what_is_made_of_them_are_understood(question: Target) -> None:
    """Each alone and as a follow-up: a query in NFC with a word in it, or a refusal."""
    inputs = question.inputs()

    for seed in range(_SAMPLE):
        chance = random.Random(seed)  # noqa: S311 - always the same questions
        question.check(question.change(chance.choice(inputs), chance))


def test_a_broken_promise_is_a_fault(question: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else no run could find any."""

    def decomposed(*arguments: object, **more: object) -> object:
        query = understand(*arguments, **more)
        object.__setattr__(query, "text", "e\u0301")
        return query

    monkeypatch.setattr(module, "understand", decomposed)

    with pytest.raises(AssertionError, match="a query's text is NFC"):
        question.check("Hội nghị ở đâu?\nKhi nào?".encode())


def test_every_format_is_a_target() -> None:
    """But for pictures, which are no documents by themselves."""
    assert {".docx", ".doc", ".pdf", ".html", ".txt", ".md", ".odt", ".xlsx", ".pptx", ".eml"} < targets().keys()
