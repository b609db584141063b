"""`trichdan calibrate`: what the keeper of the documents sees of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.index.opening import open_place
from retrieval.ranking.learned.calibration import shipped_calibration
from retrieval.ranking.learned.stored_calibrations import (
    StoredCalibration,
    read_calibrations,
    remove_calibration,
    write_calibration,
)
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import SEEDS, Home

pytestmark = [pytest.mark.model, pytest.mark.slow]

TESTS = SEEDS.parent / "tests"


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """Sixty-five questions on the seeds: paraphrases, and English ones of which half have no answer there."""
    lines = [
        line
        for name in ("paraphrase-held-out.jsonl", "english-dev.jsonl")
        for line in (TESTS / name).read_text(encoding="utf-8").splitlines()
    ]
    file = tmp_path / "cau-hoi.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_the_figures_stand_side_by_side_and_what_is_better_is_kept(invoke: Callable, seeds: Home, marked: Path) -> None:
    """The file is there exactly if something is better, and `--undo` removes it."""
    done = invoke("calibrate", marked, "--index", seeds.index, "--json")

    report, stored = json.loads(done.stdout), read_calibrations(open_place(seeds.index))
    undone = invoke("calibrate", "--undo", "--index", seeds.index)
    assert report["questions"] == 65
    assert bool(stored) == ("new" in (report["order"], report["confidence"]))
    assert report["figures"]["loss"] <= report["shipped figures"]["loss"]
    assert undone.exit_code == 0
    assert read_calibrations(open_place(seeds.index)) == ()


def test_it_reads_as_two_tables_and_a_verdict(invoke: Callable, seeds: Home, marked: Path) -> None:
    """For people: figures, the curve of the confidence, and what was done."""
    done = invoke("calibrate", marked, "--index", seeds.index)

    invoke("calibrate", "--undo", "--index", seeds.index)
    words = " ".join(done.stdout.split())
    assert "65 marked questions" in words
    assert "RR@10, full" in words
    assert "90%–100%" in words
    assert "kept with the index" in words or "nothing is changed" in words


@pytest.mark.parametrize("copied", ["Ai họp?", "Chào bot, cho em hỏi AI HỌP ạ?", "ai hop"])
def test_few_questions_are_refused_in_a_sentence(invoke: Callable, seeds: Home, tmp_path: Path, copied: str) -> None:
    """Ten marks say more of chance than of the documents; copies of a question are one."""
    few = tmp_path / "few.jsonl"
    questions = [*(f"Ai họp lần thứ {number}?" for number in range(9)), "Ai họp?", *([copied] * 60)]
    few.write_text("".join(json.dumps({"question": each, "gold": []}) + "\n" for each in questions), encoding="utf-8")

    done = invoke("calibrate", few, "--index", seeds.index)

    assert done.exit_code == 2
    (sentence,) = sentences(done.stderr)
    assert "50 different marked questions or more" in sentence
    assert "holds 10:" in sentence
    assert ":right" in sentence


def test_questions_about_other_documents_are_refused(invoke: Callable, seeds: Home, tmp_path: Path) -> None:
    """No right passage is among the candidates of any of them."""
    foreign = tmp_path / "foreign.jsonl"
    gold = [{"source": "khác.txt", "contains": "x"}]
    lines = (json.dumps({"question": f"Đơn vị {number} họp?", "gold": gold}) + "\n" for number in range(60))
    foreign.write_text("".join(lines), encoding="utf-8")

    done = invoke("calibrate", foreign, "--index", seeds.index)

    assert done.exit_code == 2
    assert "about the documents of this index" in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "q7", "question": "…", "gold": []}', "q7 of"),
        ('{"question": "Ai họp?", "gold": 5}', "is a list of"),
        ('{"question": "Ai họp?", "gold": [{"source": "", "contains": ""}]}', "would be any passage"),
    ],
)
def test_a_question_that_cannot_be_used_is_named(
    invoke: Callable, seeds: Home, marked: Path, line: str, said: str
) -> None:
    """Before any is asked, with its place in the file."""
    marked.write_text(f"{marked.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")

    done = invoke("calibrate", marked, "--index", seeds.index)

    assert done.exit_code == 2
    (sentence,) = sentences(done.stderr)
    assert said in sentence
    assert marked.name in sentence


def test_what_is_undone_is_of_an_index(invoke: Callable, tmp_path: Path) -> None:
    """A slip in its name is no success."""
    assert invoke("calibrate", "--undo", "--index", tmp_path / "none").exit_code == 2


@pytest.mark.parametrize("arguments", [(), ("x.jsonl", "--undo")])
def test_either_questions_or_undo(invoke: Callable, arguments: tuple[str, ...]) -> None:
    """One of both is named."""
    done = invoke("calibrate", *arguments)

    assert done.exit_code == 2
    assert "--undo" in done.stderr


def test_doctor_names_a_calibration_that_waits_for_its_model(invoke: Callable, seeds: Home) -> None:
    """Learned with another model: it is kept, and no fault."""
    other = StoredCalibration(shipped_calibration(), "another/1", {"questions": 60})
    write_calibration(open_place(seeds.index), other, "another/1".__eq__)

    done = invoke("doctor", "--index", seeds.index)

    remove_calibration(open_place(seeds.index), "another/1")
    line = next(line for line in done.stdout.splitlines() if "calibration:" in line)
    assert "PROBLEM" not in line
    assert "what was learned for another/1 is used again with that model" in line
