"""A model of one's own, from its folder to an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.index.local.generations.generation import live_folder
from retrieval.index.local.generations.projection_file import FILE
from retrieval.index.opening import open_place
from tests.support.models import save_decoder, save_encoder

pytestmark = pytest.mark.slow  # sentence-transformers takes seconds to import

QUESTION = "Đơn vị có bao nhiêu người?"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Far too small to know anything: late interaction and the words must do."""
    folder = tmp_path_factory.mktemp("models")
    return {"encoder": save_encoder(folder / "encoder"), "decoder": save_decoder(folder / "decoder")}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two documents."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Báo cáo\n\nĐơn vị có 63 người, trong đó có 10 bác sĩ.", encoding="utf-8")
    (folder / "b.txt").write_text("Tin tức\n\nHải quân và không quân canh giữ Biển Đông.", encoding="utf-8")
    return folder


@pytest.mark.parametrize("engine", ["openvino", "sentence-transformers"])
@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_documents_are_indexed_and_found(
    invoke: Callable, tmp_path: Path, corpus: Path, models: dict[str, Path], kind: str, engine: str
) -> None:
    """By either engine; `ask` needs no option, and `doctor` says what runs where and why."""
    index = tmp_path / "index"

    built = invoke("index", corpus, "--index", index, "--model", models[kind], "--encoder", engine)
    asked = invoke("search", "--json", QUESTION, "--index", index)
    told = invoke("doctor", "--index", index, "--encoder", engine)

    assert built.exit_code == 0
    assert json.loads(asked.stdout)["hits"][0]["source"] == "a.txt"
    assert (live_folder(index) / FILE).exists()
    (line,) = (line for line in told.stdout.splitlines() if " model: " in line)
    assert line.split()[0] == "ok"
    assert f"{engine} on cpu (" in line
    assert "tokens a batch" in line


def test_vectors_stay_cut_until_another_number_is_named(
    invoke: Callable, tmp_path: Path, corpus: Path, models: dict[str, Path]
) -> None:
    """Questions are cut as the index is, and so are later builds with its model; its own number ends it."""
    index, model = tmp_path / "index", models["encoder"]
    build = ("index", corpus, "--index", index, "--model", model)
    kept: list[int | None] = []
    for more in (("--dimensions", 8), (), ("--dimensions", 32), ()):
        invoke(*build, *more)
        kept.append(open_place(index).manifest().dimensions)
        assert invoke("search", QUESTION, "--index", index).exit_code == 0

    assert kept == [8, 8, None, None]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--dimensions", 33), "has 32, asked for were 33: correct --dimensions"),
        (("--device", "cuda"), "cuda is not, only cpu"),
    ],
    ids=["dimensions", "device"],
)
def test_what_cannot_be_is_one_sentence(
    invoke: Callable, tmp_path: Path, corpus: Path, models: dict[str, Path], option: tuple[object, ...], sentence: str
) -> None:
    """And no index is made."""
    result = invoke("index", corpus, "--index", tmp_path / "index", "--model", models["encoder"], *option)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_late_interaction_the_index_says_so(
    invoke: Callable, tmp_path: Path, corpus: Path, models: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a line, by `index` and by `doctor`; answers come from words and vectors."""
    monkeypatch.setattr("transformers.PreTrainedTokenizerFast.is_fast", False)
    index = tmp_path / "index"
    run = ("--encoder", "sentence-transformers")

    built = invoke("index", corpus, "--index", index, "--model", models["encoder"], *run)
    asked = invoke("search", "--json", QUESTION, "--index", index, *run)
    told = invoke("doctor", "--index", index, *run)

    reason = "no late interaction: its tokenizer does not say where a token stands in its text"
    assert reason in built.stderr
    assert reason in told.stdout
    assert json.loads(asked.stdout)["hits"][0]["source"] == "a.txt"
    assert not (live_folder(index) / FILE).exists()
