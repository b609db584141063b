"""`trichdan models`: what is printed and written, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.models import save_encoder

pytestmark = pytest.mark.slow


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """A question on the seeds."""
    file = tmp_path / "marks.jsonl"
    file.write_text('{"question": "Ai chủ trì hội nghị sơ kết?", "gold": [{"source": "", "contains": "hội nghị"}]}')
    return file


def test_one_that_fails_keeps_nobody_from_the_others(tmp_path: Path, invoke: Callable, marks: Path) -> None:
    """Both are in the report; exit code 2."""
    model, report = save_encoder(tmp_path / "tiny"), tmp_path / "report"

    result = invoke(
        *("models", "/nowhere/model", model, "--questions", marks, "--report", report, "--limit", 1),
        *("--index", tmp_path / "none"),  # without an index the seeds are asked
    )

    written = json.loads((report / "models.json").read_text("utf-8"))
    assert result.exit_code == 2
    assert f"\n{model} " in f"\n{result.stdout}"
    assert "/nowhere/model could not be measured: a model is a folder or a hub name" in result.stdout
    assert [bool(one["reason"]) for one in written["models"]] == [True, False]
    assert written["about"]["command"].startswith("trichdan")
    assert written["about"]["machine"]["load before"] >= 0
    assert "Not measured:" in (report / "models.md").read_text("utf-8")


def test_json_is_one_object(tmp_path: Path, invoke: Callable, marks: Path) -> None:
    """Progress is on standard error."""
    result = invoke("models", "/nowhere/model", "--questions", marks, "--index", tmp_path / "none", "--json")

    assert json.loads(result.stdout)["models"][0]["model"] == "/nowhere/model"
    assert "trichdan: /nowhere/model: indexing" in result.stderr
