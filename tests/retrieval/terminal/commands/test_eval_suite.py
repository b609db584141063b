"""`trichdan eval --all`: one report of every set in a folder, compared with the last."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.terminal.commands import eval_suite
from tests.retrieval.evaluation.test_questions import beir
from tests.retrieval.terminal.conftest import sentences
from tests.support.corpus import Home
from tests.support.waiting import PATIENCE

QUESTION = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"
GOLD = [{"source": "001_ed8a76a4f27345eb.txt", "contains": "hơn 100 quốc gia"}]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A BEIR folder of two records and a `.jsonl` on the seeds."""
    corpus = [
        {"_id": "r1", "text": "Sông Hồng chảy qua thủ đô Hà Nội."},
        {"_id": "r2", "text": "Báo cáo tài chính quý một đã được nộp."},
    ]
    queries = [{"_id": "q1", "text": "Sông Hồng chảy qua đâu?"}, {"_id": "q2", "text": "Báo cáo nào đã được nộp?"}]
    beir(tmp_path / "sets" / "beir", corpus, queries, "q1\tr1\t1\nq2\tr2\t1\n")
    (tmp_path / "sets" / "own.jsonl").write_text(json.dumps({"question": QUESTION, "gold": GOLD}), encoding="utf-8")
    return tmp_path / "sets"


@pytest.fixture
def evaluate(invoke: Callable, seeds: Home, tmp_path: Path, sets: Path) -> Callable:
    """Runs `trichdan eval --all` over the sets, with the reports in a folder of their own."""

    def evaluate(*more: object) -> object:
        places = ("--index", seeds.index, "--work", tmp_path / "work", "--report", tmp_path / "reports")
        return invoke("eval", "--all", sets, *places, *more)

    return evaluate


def reports(tmp_path: Path) -> list[Path]:
    """The written reports, oldest first."""
    return sorted(path for path in (tmp_path / "reports").iterdir() if path.name != ".lock")


def test_two_runs_are_compared(evaluate: Callable, sets: Path, tmp_path: Path) -> None:
    """
    The first has nothing to compare with. Before the second, "q2" is judged by the other record: in every mode its
    right passage falls from rank 1 to 2, and nothing else is named.
    """
    first = evaluate()
    (sets / "beir" / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tr1\t1\nq2\tr1\t1\n")
    second = evaluate()

    before, after = reports(tmp_path)
    found = json.loads((after / "report.json").read_text(encoding="utf-8"))
    assert (first.exit_code, first.stderr, second.exit_code, second.stderr) == (0, "", 0, "")
    assert f"since {before.name}: 0 better, 3 worse" in second.stdout
    assert second.stdout.splitlines()[-1] == f"report: {after / 'report.md'}"
    assert json.loads((before / "report.json").read_text(encoding="utf-8"))["comparison"] is None
    assert [(c["id"], c["mode"], c["rank"]) for c in found["comparison"]["worse"]] == [
        ("q2", "full", [1, 2]),
        ("q2", "half", [1, 2]),
        ("q2", "bare", [1, 2]),
    ]
    assert (found["comparison"]["better"], found["comparison"]["missing"]) == ([], 0)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["beir"]


def test_an_unreadable_set_and_a_damaged_report_are_named(evaluate: Callable, sets: Path, tmp_path: Path) -> None:
    """A sentence each on standard error; the other sets are measured; exit code 2 for the set."""
    (sets / "broken.jsonl").write_text("{", encoding="utf-8")
    (tmp_path / "reports" / "20260101T000000Z").mkdir(parents=True)

    result = evaluate("--limit", 1)

    refused, passed_over = sentences(result.stderr)
    found = json.loads((reports(tmp_path)[-1] / "report.json").read_text(encoding="utf-8"))
    assert result.exit_code == 2
    assert refused.startswith("trichdan: broken.jsonl is not in the report: ")
    assert "20260101T000000Z/report.json cannot be read" in passed_over
    assert {(q["set"], q["id"]) for q in found["questions"]} == {
        ("beir", "q1"),
        ("beir", "own.jsonl/line 1"),
        ("own.jsonl", "line 1"),
    }
    assert list(found["refused"]) == ["broken.jsonl"]


def test_nothing_that_can_be_measured(evaluate: Callable, sets: Path, tmp_path: Path) -> None:
    """Every set broken: one sentence that names both, exit code 2, no report."""
    (sets / "own.jsonl").write_text("{", encoding="utf-8")
    (sets / "beir" / "corpus.jsonl").unlink()

    result = evaluate()

    assert (result.exit_code, result.stdout) == (2, "")
    assert ["own.jsonl" in line and "corpus.jsonl" in line for line in sentences(result.stderr)] == [True]
    assert reports(tmp_path) == []


@pytest.mark.parametrize("name", ["gone", "empty", "sets/beir"])
def test_no_folder_of_sets_is_one_sentence(invoke: Callable, sets: Path, tmp_path: Path, name: str) -> None:
    """Exit code 2, the path named, no folder of reports made."""
    (tmp_path / "empty").mkdir()

    result = invoke("eval", "--all", tmp_path / name, "--report", tmp_path / "reports")

    assert (result.exit_code, result.stdout) == (2, "")
    assert [str(tmp_path / name) in line for line in sentences(result.stderr)] == [True]
    assert not (tmp_path / "reports").exists()


def test_an_interrupted_run_leaves_no_report(
    evaluate: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While questions are asked: one sentence, exit code 130."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(eval_suite, "run_suite", interrupt)

    result = evaluate()

    assert (result.exit_code, len(sentences(result.stderr))) == (130, 1)
    assert reports(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ([], "either one question set or, with --all, a folder"),
        (["x", "--all", "y"], "either one question set or, with --all, a folder"),
        (["x", "--limit", "3"], "--report and --limit go with --all"),
        (["x", "--report", "y"], "--report and --limit go with --all"),
        (["--all", "x", "--bare"], "go with one question set"),
        (["--all", "x", "--half"], "go with one question set"),
        (["x", "--bare", "--half"], "with --bare or with --half, not both"),
        (["--all", "x", "--json"], "go with one question set"),
        (["--all", "x", "--failures"], "go with one question set"),
        (["--all", "x", "--limit", "0"], "--limit"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together(invoke: Callable, arguments: list[str], rule: str) -> None:
    """Wrong use: exit code 2, the rule in the last sentence."""
    result = invoke("eval", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert rule in sentences(result.stderr)[-1]


def test_one_set_needs_no_plots(seeds: Home, environment: dict[str, str], sets: Path) -> None:
    """`trichdan eval PATH` imports no matplotlib, in a process of its own."""
    code = (
        "import sys\nfrom retrieval.terminal import cli\n"
        "try:\n    cli.app(sys.argv[1:])\n"
        "finally:\n    print('matplotlib' in sys.modules)"
    )
    command = [sys.executable, "-c", code, "eval", str(sets / "own.jsonl"), "--json", "--index", str(seeds.index)]

    done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=PATIENCE)

    figures, imported = done.stdout.decode().splitlines()
    assert (json.loads(figures)["queries"], imported) == (1, "False")
