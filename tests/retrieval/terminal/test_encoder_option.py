"""`--encoder` reaches whatever loads the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import LoadOptions, ModelUnusable
from tests.support.corpus import SEEDS


@pytest.fixture(autouse=True)
def wishes(monkeypatch: pytest.MonkeyPatch) -> list[LoadOptions]:
    """What the commands wished for, in the place of the model, which is not loaded."""
    heard: list[LoadOptions] = []

    def load(*_: object, options: LoadOptions, **__: object) -> None:
        heard.append(options)
        raise ModelUnusable("no model: this is a test")

    for place in (
        "retrieval.answering.query_encoder",
        "retrieval.terminal.commands.index",
        "retrieval.terminal.commands.doctor",
    ):
        monkeypatch.setattr(f"{place}.load_encoder", load)
    return heard


COMMANDS = [("ask", "câu hỏi"), ("search", "câu hỏi"), ("eval", "{questions}"), ("index", str(SEEDS)), ("doctor",)]


def words_of(command: tuple[str, ...], folder: Path) -> list[str]:
    """The command with a question set in the folder."""
    questions = folder / "questions.jsonl"
    questions.write_text('{"question": "Ở đâu?", "gold": []}\n', encoding="utf-8")
    return [word.format(questions=questions) for word in command]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_wish_reaches_the_model(
    monkeypatch: pytest.MonkeyPatch,
    invoke: Callable,
    seeds,
    tmp_path,
    wishes: list[LoadOptions],
    command: tuple[str, ...],
) -> None:
    """By option or environment; without either the choice is left to `load_encoder`."""
    words = words_of(command, tmp_path)

    invoke(*words, "--index", seeds.index)
    monkeypatch.setenv("TRICHDAN_ENCODER", "sentence-transformers")
    invoke(*words, "--index", seeds.index)
    invoke(*words, "--index", seeds.index, "--encoder", "openvino")

    assert [options.engine for options in wishes] == ["auto", "sentence-transformers", "openvino"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_device_reaches_the_model(
    monkeypatch: pytest.MonkeyPatch,
    invoke: Callable,
    seeds,
    tmp_path,
    wishes: list[LoadOptions],
    command: tuple[str, ...],
) -> None:
    """As the engine does; code that comes with a model runs only where that is asked for."""
    words = words_of(command, tmp_path)

    invoke(*words, "--index", seeds.index)
    monkeypatch.setenv("TRICHDAN_DEVICE", "cpu")
    invoke(*words, "--index", seeds.index)
    invoke(*words, "--index", seeds.index, "--device", "mps", "--trust-remote-code")

    # A process that only asks keeps the bundled model on the CPU.
    default = "cpu" if command[0] in {"ask", "search", "eval"} else "auto"
    assert [options.device for options in wishes] == [default, "cpu", "mps"]
    assert [options.trust_remote_code for options in wishes] == [False, False, True]


def test_an_unknown_engine_is_refused(invoke: Callable, seeds, wishes: list[LoadOptions]) -> None:
    """The complaint names those that there are, and nothing is loaded."""
    result = invoke("ask", "--index", seeds.index, "--encoder", "tensorflow", "câu hỏi")

    assert result.exit_code == 2
    assert "openvino" in result.stderr
    assert wishes == []
