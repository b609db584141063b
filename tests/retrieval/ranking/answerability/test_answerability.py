"""The judgement over the first passages: the best of their stretches, and none where there is none to make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.question.understanding import understand
from retrieval.ranking.answerability.answerability import answer_log_odds
from retrieval.ranking.answerability.stretch import LONGEST
from tests.retrieval.language.test_diacritic_restoration import Counted


class Lengths:
    """Judges a text by the number of its words, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def log_odds(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """The numbers of words."""
        self.asked.append((question, tuple(texts)))
        return np.array([len(text.split()) for text in texts], np.float32)


class Even:
    """Every term is as rare as the others."""

    rarest_idf = 1.0

    def idf(self, field: str, term: str) -> float:
        """One."""
        return 1.0

    def knows(self, folded_term: str) -> bool:
        """All are known."""
        return True


def test_the_best_passage_counts() -> None:
    """One answer is enough."""
    query = understand("Ai ký quyết định?", Counted("ai ký quyết định"))

    assert answer_log_odds(Lengths(), query, Even(), ("một", "một hai ba", "một hai")) == 3.0


def test_the_question_is_judged_as_understood() -> None:
    """With the diacritics that were restored: they tell the judge more."""
    query = understand("ai ky quyet dinh", Counted("ai ký quyết định"))
    judge = Lengths()

    answer_log_odds(judge, query, Even(), ("một",))

    assert judge.asked == [(query.text, ("một",))]


def test_a_long_passage_is_judged_by_a_stretch() -> None:
    """The judge's time grows with what it reads."""
    query = understand("Ai ký?", Counted("ai ký"))

    found = answer_log_odds(Lengths(), query, Even(), ("Câu này dài năm tiếng. " * 200,))

    assert found is not None
    assert 0 < found <= LONGEST


def test_without_passages_there_is_no_judgement() -> None:
    """None, not a number that would count."""
    query = understand("Ai ký?", Counted("ai ký"))

    assert answer_log_odds(Lengths(), query, Even(), ()) is None


def test_a_question_in_english_is_not_judged() -> None:
    """The judge was trained on Vietnamese questions only."""
    query = understand("Who signed the decision on the budget of the province?", Counted("ai ký quyết định"))
    judge = Lengths()

    assert query.foreign
    assert answer_log_odds(judge, query, Even(), ("một",)) is None
    assert not judge.asked
