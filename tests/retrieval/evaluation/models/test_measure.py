"""Several models on question sets, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from retrieval.errors import QuestionSetError
from retrieval.evaluation.models.figures import ModelFigures
from retrieval.evaluation.models.measure import ModelsPlan, measure_models
from retrieval.index.local.generations.generation import live_folder
from tests.retrieval.evaluation.test_questions import beir
from tests.support.models import HIDDEN, save_encoder

pytestmark = pytest.mark.slow

RIVERS = [
    {"_id": "s1", "text": "Sông Hồng chảy qua thủ đô."},
    {"_id": "s2", "text": "Sông Cửu Long ở miền Nam mùa này."},
]
LINES = [
    {"question": "Đơn vị có bao nhiêu người?", "gold": [{"source": "a.txt", "contains": "70"}]},
    {"question": "How many soldiers does the unit have?", "gold": [{"source": "a.txt", "contains": "70"}]},
    {"question": "Giá xăng hôm nay thế nào?", "gold": []},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with random weights."""
    return save_encoder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def plan(tmp_path: Path) -> ModelsPlan:
    """A BEIR folder, and a `.jsonl` on a folder of one document."""
    asked = [{"_id": "a", "text": "sông hồng chảy qua thủ đô"}]
    beir(tmp_path / "sông", RIVERS, asked, "a\ts1\t1\n")
    marks, documents = tmp_path / "marks.jsonl", tmp_path / "documents"
    marks.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    documents.mkdir()
    (documents / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    return ModelsPlan([tmp_path / "sông", marks], [documents], tmp_path / "work")


def test_a_model_is_measured(plan: ModelsPlan, model: Path) -> None:
    """Sets of both kinds, typed in every way; what it costs; a second one that is not there is a reason, no crash."""
    told: list[str] = []

    found, missing = measure_models(plan, [str(model), "/nowhere/model"], told.append)

    questions = {
        name: {way: (asked.answerable, asked.unanswerable) for way, asked in ways.items()}
        for name, ways in found.sets.items()
    }
    assert questions == {
        "sông": {"full": (1, 0), "half": (1, 0), "bare": (1, 0)},
        "marks.jsonl": {"full": (1, 1), "half": (1, 1), "bare": (1, 1), "english": (1, 0)},
    }
    assert found.sets["sông"]["full"].measures["RR@10"] == 1.0
    assert (found.reason, found.dimensions, found.max_tokens, found.passages) == ("", HIDDEN, 128, 3)
    assert found.fingerprint.startswith(f"{model.name}/")
    assert min(found.passages_per_second, found.index_mb, found.load_seconds, found.milliseconds["p95"]) > 0
    assert 100 < found.answering_mb < 2_000
    assert 100 < found.indexing_mb < 2_000
    assert missing == ModelFigures("/nowhere/model", reason=missing.reason)
    assert "there is no folder /nowhere/model" in missing.reason
    assert told == [f"{model}: indexing", f"{model}: asking", "/nowhere/model: indexing"]


def test_the_work_is_kept(plan: ModelsPlan, model: Path) -> None:
    """A second run builds nothing anew."""
    list(measure_models(plan, [str(model)], lambda _: None))
    (index,) = plan.work.glob("*/documents")
    live = live_folder(index)

    list(measure_models(plan, [str(model)], lambda _: None))

    assert live_folder(index) == live


def test_a_process_that_is_killed_is_a_reason(
    plan: ModelsPlan, model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A model that needs more memory than there is takes nobody else with it."""
    program = tmp_path / "killed"
    program.write_text(f"#!/bin/sh\nkill -{signal.SIGKILL.value} $$\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", os.fspath(program))

    (found,) = measure_models(plan, [str(model)], lambda _: None)

    assert "memory ran out" in found.reason


@pytest.mark.parametrize(("names", "said"), [(["none"], "is neither"), (["a/x.jsonl", "b/x.jsonl"], "named twice")])
def test_sets_are_looked_at_first(tmp_path: Path, names: list[str], said: str) -> None:
    """Before anything is loaded."""
    for name in names[:2] if len(names) > 1 else []:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(json.dumps(LINES[0]), encoding="utf-8")

    with pytest.raises(QuestionSetError, match=said):
        next(measure_models(ModelsPlan([tmp_path / name for name in names], [], tmp_path), ["x"], lambda _: None))
