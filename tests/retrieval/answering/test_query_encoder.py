"""The model of questions is that of the index which they are asked of, whatever goes live."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import LoadOptions
from retrieval.answering.query_encoder import QueryEncoder
from retrieval.errors import IndexMismatch
from retrieval.index.local.generations.history import roll_back
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

QUESTION = "Đơn vị có bao nhiêu người?"


@pytest.fixture
def index(indexed: Callable[..., Path]) -> Path:
    """An index of one document, made with the tiny encoder."""
    return indexed(a="Báo cáo\n\nĐơn vị có 63 người.")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that were loaded from disk; a name says what vectors there are."""
    names: list[str] = []

    def load(model: str | None, **_: object) -> BagEncoder:
        names.append(model or "bag/1")
        encoder = BagEncoder(names[-1])
        encoder.itself = encoder  # as the bundled model, whose batches call it
        return encoder

    monkeypatch.setattr("retrieval.answering.query_encoder.load_encoder", load)
    return names


def build_with(model: str, folder: Path, index: Path) -> None:
    """Build the index with a model of this name."""
    build_index(folder, index, BagEncoder(model), model=model)


def test_an_index_of_another_model_goes_live(index: Path, folder: Path, loaded: list[str]) -> None:
    """The next question is encoded by its model; after a rollback, by the model of before."""
    retriever = Retriever(index)
    asked = [retriever.ask(QUESTION)]
    build_with("bag/2", folder, index)
    asked.append(retriever.ask(QUESTION))
    roll_back(index)
    asked.append(retriever.ask(QUESTION))

    assert all(answer.hits for answer in asked)
    assert loaded == ["bag/1", "bag/2", "bag/1"]


def test_a_question_in_progress_keeps_its_model(index: Path, folder: Path, loaded: list[str]) -> None:
    """Nothing is loaded twice for it, also when it has not begun to encode yet."""
    encoder = QueryEncoder(None, LoadOptions())
    old = open_place(index).manifest()
    question = encoder.for_index(old)
    build_with("bag/2", folder, index)
    encoder.for_index(open_place(index).manifest())

    encoder.for_index(old)

    assert question is not None
    assert len(loaded) == 2


def test_a_model_is_let_go(index: Path, folder: Path, loaded: list[str]) -> None:
    """One model's memory, when no question holds the one before."""
    retriever = Retriever(index)
    retriever.ask(QUESTION)
    first = weakref.ref(retriever._encoder._current)
    build_with("bag/2", folder, index)

    retriever.ask(QUESTION)

    assert first() is None


def test_a_model_that_is_not_the_indexs_is_loaded_once(index: Path, loaded: list[str]) -> None:
    """Its files have changed since: every question is refused, and only the first one waits for it."""
    manifest = open_place(index).manifest()
    encoder = QueryEncoder(None, LoadOptions())
    other = replace(manifest, token_fingerprint="bag/3/words")  # noqa: S106 - no password

    for _ in range(2):
        with pytest.raises(IndexMismatch, match=r"bag/3.*bag/1.*--rebuild"):
            encoder.for_index(other)

    assert len(loaded) == 1
