"""Which model a build takes: never silently another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex
from retrieval.index.index_model import IndexModel, model_to_build_with
from retrieval.index.local.generations.generation import live_folder
from retrieval.index.opening import open_place
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


@pytest.fixture
def index(tmp_path: Path, folder: Path) -> Path:
    """An index whose first generation has the bundled model, and whose live one has another."""
    for number, model in enumerate((None, "intfloat/e5")):
        (folder / "a.txt").write_text(f"Báo cáo\n\nĐơn vị có {number} người.", encoding="utf-8")
        build_index(folder, tmp_path / "index", BagEncoder(), model=model)
    return tmp_path / "index"


def test_an_index_keeps_its_model(index: Path) -> None:
    """Where none is asked for; another one is what is asked for, and the bundled one has a word."""
    models = [model_to_build_with(asked, None, open_place(index)).name for asked in (None, "BAAI/bge-m3", "bundled")]

    assert models == ["intfloat/e5", "BAAI/bge-m3", None]


def test_the_first_index_has_the_bundled_model(tmp_path: Path) -> None:
    """There is nothing to keep."""
    assert model_to_build_with(None, None, open_place(tmp_path / "index")) == IndexModel()


def test_an_index_of_another_format_keeps_its_model(index: Path) -> None:
    """It is rebuilt after an upgrade, with the same model."""
    file = live_folder(index) / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "format": 5}), "utf-8")

    assert model_to_build_with(None, None, open_place(index)).name == "intfloat/e5"


def test_a_lost_pointer_loses_no_model(index: Path) -> None:
    """The newest generation tells it, or the one before where that is damaged; if none does, nobody guesses."""
    older, newest = sorted((index / "generations").glob("*/manifest.json"))
    for file, model in ((older, "older"), (newest, "newest")):
        file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "model": model}), "utf-8")
    (index / "CURRENT").unlink()
    found = [model_to_build_with(None, None, open_place(index)).name]
    newest.write_text("frob", "utf-8")
    found.append(model_to_build_with(None, None, open_place(index)).name)
    older.write_text("frob", "utf-8")

    assert found == ["newest", "older"]
    with pytest.raises(DamagedIndex, match="--model bundled"):
        model_to_build_with(None, None, open_place(index))


def test_a_folder_is_found_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its whole path is remembered; what is no folder is a name of the hub."""
    (tmp_path / "models" / "own").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    models = [
        model_to_build_with(asked, None, open_place(tmp_path / "index")).name
        for asked in ("models/own", "models/other")
    ]

    assert models == [str(tmp_path / "models" / "own"), "models/other"]


@pytest.mark.parametrize(
    ("asked", "dimensions", "built"),
    [
        (None, None, IndexModel("intfloat/e5", 256)),
        ("intfloat/e5", None, IndexModel("intfloat/e5", 256)),
        (None, 128, IndexModel("intfloat/e5", 128)),
        ("BAAI/bge-m3", None, IndexModel("BAAI/bge-m3")),
        ("BAAI/bge-m3", 128, IndexModel("BAAI/bge-m3", 128)),
        ("bundled", None, IndexModel()),
    ],
    ids=str,
)
def test_a_model_that_stays_is_cut_as_before(
    index: Path, asked: str | None, dimensions: int | None, built: IndexModel
) -> None:
    """Another one is as long as it is, unless a length is asked for."""
    file = live_folder(index) / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "dimensions": 256}), "utf-8")

    assert model_to_build_with(asked, dimensions, open_place(index)) == built
