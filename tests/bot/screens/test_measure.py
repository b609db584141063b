"""Over the development questions: the answering sentence without a tap, and a sure answer on one screen."""

from __future__ import annotations

from statistics import median, quantiles

import pytest

from embeddings import load_encoder
from retrieval.retriever import Retriever
from tests.bot.screens.measure import QUESTIONS, measure, questions_of
from tests.support.bot.phone import SCREEN
from tests.support.corpus import SEEDS, build_index

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The answers with quotes."""
    index, model = tmp_path_factory.mktemp("seeds") / "index", load_encoder()
    build_index(SEEDS, index, model)
    retriever = Retriever(index, model)
    asked = [each for path in QUESTIONS for each in questions_of(path)]
    return [found for text, gold in asked if (found := measure(retriever, text, gold))]


def test_every_answering_sentence_is_in_sight(shown):
    """Nobody has to unfold a quotation to read the answer."""
    assert len(shown) > 50
    assert [each.question for each in shown if not each.is_in_sight] == []


def test_a_sure_answer_takes_one_screen(shown):
    """Buttons included; half of all answers do, and nineteen of twenty take 45 lines at most."""
    lines = [each.lines for each in shown]

    assert [each.question for each in shown if each.state == "found" and each.lines > SCREEN] == []
    assert median(lines) <= SCREEN
    assert quantiles(lines, n=20)[-1] <= 45


def test_no_place_that_answers_is_left_unnamed(shown):
    """A sure answer names no place far below the first; none of those answered."""
    answering = [each for each in shown if each.lowest_right is not None]

    assert [each.question for each in answering if each.state == "found" and not each.names_right] == []
