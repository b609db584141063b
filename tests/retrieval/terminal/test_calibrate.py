"""`trichdan calibrate`: what the keeper of the documents sees of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.ranking.learned.calibration import shipped_calibration
from retrieval.ranking.learned.calibration_file import StoredCalibration, read_calibration, write_calibration
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

    report, stored = json.loads(done.stdout), read_calibration(seeds.index)
    undone = invoke("calibrate", "--undo", "--index", seeds.index)
    assert report["questions"] == 65
    assert (stored is not None) == ("new" in (report["order"], report["confidence"]))
    assert report["figures"]["loss"] <= report["shipped figures"]["loss"]
    assert undone.exit_code == 0
    assert read_calibration(seeds.index) is None


def test_it_reads_as_two_tables_and_a_verdict(invoke: Callable, seeds: Home, marked: Path) -> None:
    """For people: figures, the curve of the confidence, and what was done."""
    done = invoke("calibrate", marked, "--index", seeds.index)

    invoke("calibrate", "--undo", "--index", seeds.index)
    words = " ".join(done.stdout.split())
    assert "65 marked questions" in words
    assert "RR@10, full" in words
    assert "90%–100%" in words
    assert "kept with the index" in words or "nothing is changed" in words


def test_few_questions_are_refused_in_a_sentence(invoke: Callable, seeds: Home, tmp_path: Path) -> None:
    """Ten marks say more of chance than of the documents."""
    few = tmp_path / "few.jsonl"
    few.write_text('{"question": "Ai?", "gold": []}\n' * 10, encoding="utf-8")

    done = invoke("calibrate", few, "--index", seeds.index)

    assert done.exit_code == 2
    (sentence,) = sentences(done.stderr)
    assert "50 marked questions or more" in sentence
    assert ":right" in sentence


def test_questions_about_other_documents_are_refused(invoke: Callable, seeds: Home, tmp_path: Path) -> None:
    """No right passage is among the candidates of any of them."""
    foreign = tmp_path / "foreign.jsonl"
    line = '{"question": "Đơn vị nào họp?", "gold": [{"source": "khác.txt", "contains": "x"}]}\n'
    foreign.write_text(line * 60, encoding="utf-8")

    done = invoke("calibrate", foreign, "--index", seeds.index)

    assert done.exit_code == 2
    assert "about the documents of this index" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("x.jsonl", "--undo")])
def test_either_questions_or_undo(invoke: Callable, arguments: tuple[str, ...]) -> None:
    """One of both is named."""
    done = invoke("calibrate", *arguments)

    assert done.exit_code == 2
    assert "--undo" in done.stderr


def test_doctor_names_a_calibration_that_is_not_used(invoke: Callable, seeds: Home) -> None:
    """Learned with another model: said, with what to do."""
    write_calibration(seeds.index, StoredCalibration(shipped_calibration(), "another/words", {"questions": 60}))

    done = invoke("doctor", "--index", seeds.index)

    invoke("calibrate", "--undo", "--index", seeds.index)
    line = next(line for line in done.stdout.splitlines() if "calibration:" in line)
    assert "PROBLEM" in line
    assert "trichdan calibrate" in line
