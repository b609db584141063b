"""The cross-encoder beside the pipeline: loaded once, left out by the options, and missed without harm."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import Encoder
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.answering.answer_judge import AnswerJudge
from retrieval.question.understanding import understand
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.retrieval.ranking.answerability.test_answerability import Even
from tests.support.corpus import Home

ASKED = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"


class Always:
    """Gives every text the same log odds."""

    running = "test"

    def __init__(self, log_odds: float) -> None:
        self._log_odds = log_odds
        self.texts: list[str] = []

    def log_odds(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for all."""
        self.texts += texts
        return np.full(len(texts), self._log_odds, np.float32)


def _asked(judge: AnswerJudge) -> float | None:
    return judge.log_odds(understand("Ai ký?", Counted("ai ký")), Even(), ("Ông A ký.",))


def test_the_shipped_one_is_loaded_at_the_first_question() -> None:
    """Nobody has to say so."""
    assert _asked(AnswerJudge(None, DEFAULT_OPTIONS)) is not None


def test_the_options_leave_it_out() -> None:
    """An answer then takes a third of the time."""
    assert _asked(AnswerJudge(None, replace(DEFAULT_OPTIONS, cross_encoder=False))) is None


def test_without_a_cache_it_is_missed_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk must not take the answers with it."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("TRICHDAN_CACHE", str(tmp_path / "file" / "cache"))
    judge = AnswerJudge(None, DEFAULT_OPTIONS)

    with caplog.at_level(logging.WARNING):
        found = [_asked(judge), _asked(judge)]

    assert found == [None, None]
    assert caplog.text.count("answers are judged without the cross-encoder") == 1


def test_what_it_judges_moves_the_confidence(seeds: Home, model: Encoder) -> None:
    """The same passages, sure of an answer and sure of none."""
    confident, doubtful = (Retriever(seeds.index, model, cross_encoder=Always(log_odds)) for log_odds in (6.0, -6.0))

    first, second = confident.ask(ASKED), doubtful.ask(ASKED)

    assert [hit.quote.passage_id for hit in first.hits] == [hit.quote.passage_id for hit in second.hits]
    assert first.confidence > second.confidence
    assert (first.judged, second.judged) == (6.0, -6.0)
