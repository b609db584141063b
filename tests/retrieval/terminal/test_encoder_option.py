"""`--encoder` reaches whatever loads the model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from embeddings import ModelUnusable
from tests.support.corpus import SEEDS


@pytest.fixture(autouse=True)
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the commands wished for, in the place of the model, which is not loaded."""
    heard: list[str] = []

    def load(*_: object, engine: str, **__: object) -> None:
        heard.append(engine)
        raise ModelUnusable("no model: this is a test")

    for place in (
        "retrieval.answering.query_encoder",
        "retrieval.terminal.commands.index",
        "retrieval.terminal.commands.doctor",
    ):
        monkeypatch.setattr(f"{place}.load_encoder", load)
    return heard


@pytest.mark.parametrize(
    "command",
    [("ask", "câu hỏi"), ("search", "câu hỏi"), ("eval", "{questions}"), ("index", str(SEEDS)), ("doctor",)],
    ids=lambda command: command[0],
)
def test_a_wish_reaches_the_model(
    monkeypatch: pytest.MonkeyPatch, invoke: Callable, seeds, tmp_path, wishes: list[str], command: tuple[str, ...]
) -> None:
    """By option or environment; without either the choice is left to `load_encoder`."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Ở đâu?", "gold": []}\n', encoding="utf-8")
    words = [word.format(questions=questions) for word in command]

    invoke(*words, "--index", seeds.index)
    monkeypatch.setenv("TRICHDAN_ENCODER", "sentence-transformers")
    invoke(*words, "--index", seeds.index)
    invoke(*words, "--index", seeds.index, "--encoder", "openvino")

    assert wishes == ["auto", "sentence-transformers", "openvino"]


def test_an_unknown_engine_is_refused(invoke: Callable, seeds, wishes: list[str]) -> None:
    """The complaint names those that there are, and nothing is loaded."""
    result = invoke("ask", "--index", seeds.index, "--encoder", "tensorflow", "câu hỏi")

    assert result.exit_code == 2
    assert "openvino" in result.stderr
    assert wishes == []
