"""The folder of reports: whole ones only, and the last one that can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.evaluation import report_folder
from retrieval.evaluation.report import SuiteReport
from retrieval.evaluation.report_folder import last_results, prepare_folder, write_report

pytestmark = pytest.mark.slow

ENDED = datetime(2026, 11, 22, 6, 5, 1, tzinfo=UTC)
FILES = ["failures.png", "recall.png", "reliability.png", "report.json", "report.md"]


def jot(folder: Path, report: SuiteReport) -> Path:
    """A report without its plots, which take a second to draw."""
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(report.to_json()), encoding="utf-8")
    return folder


def visible(folder: Path) -> list[str]:
    """The names in a folder but the lock's."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_report_is_a_folder_named_for_its_moment(tmp_path: Path, report: SuiteReport) -> None:
    """In UTC, holding every file; the plots are PNG; the results are read back as they were."""
    folder = write_report(tmp_path / "reports", report, ENDED)

    name, results, notices = last_results(tmp_path / "reports")
    assert (folder.name, visible(folder)) == ("20261122T060501Z", FILES)
    assert all((folder / file).read_bytes().startswith(b"\x89PNG\r\n") for file in FILES[:3])
    assert (name, tuple(results), notices) == (folder.name, report.suite.results, [])


def test_the_json_names_every_question(tmp_path: Path, report: SuiteReport) -> None:
    """Id, set, mode, rank, state, confidence and first passage of each, and the figures of each set and mode."""
    folder = write_report(tmp_path, report, ENDED)

    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    first = {key: found["questions"][0][key] for key in ("id", "set", "mode", "rank", "state", "confidence", "first")}
    assert first == {
        "id": "q1",
        "set": "một",
        "mode": "full",
        "rank": 1,
        "state": "found",
        "confidence": 0.9,
        "first": "d#1",
    }
    assert [(one["set"], one["mode"], one["RR@10"]) for one in found["sets"]] == [
        ("một", "full", 0.625),
        ("một", "half", 0.625),
        ("một", "bare", 0.625),
        ("hai", "full", 1.0),
        ("hai", "half", 1.0),
        ("hai", "bare", 1.0),
    ]
    assert found["overall"]["full"]["area"] == (0.5 + 0.5 + 0) / 3  # 0.9, 0.9 and 0.4 against 0.9


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("where", ["markdown", "save"])
def test_an_interrupted_run_leaves_nothing(
    tmp_path: Path, report: SuiteReport, monkeypatch: pytest.MonkeyPatch, stopped: type[BaseException], where: str
) -> None:
    """Before the first file or among the plots: no folder, and the next run is not in its way."""

    def stop(*_: object) -> None:
        raise stopped

    with monkeypatch.context() as patch:
        patch.setattr(report_folder, where, stop)
        with pytest.raises(stopped):
            write_report(tmp_path, report, ENDED)

    assert visible(tmp_path) == []
    assert visible(write_report(tmp_path, report, ENDED)) == FILES


def test_what_a_killed_run_left_is_cleared_and_never_read(tmp_path: Path, report: SuiteReport) -> None:
    """A partial folder is no report, and goes when the next run begins."""
    (tmp_path / ".20261122T060400Z.partial").mkdir()
    (tmp_path / ".20261122T060400Z.partial" / "report.json").write_text("{", encoding="utf-8")

    before = last_results(tmp_path)
    prepare_folder(tmp_path)

    assert before == ("", [], [])
    assert visible(tmp_path) == []


def test_two_runs_that_end_in_the_same_second(tmp_path: Path, report: SuiteReport) -> None:
    """Both stay; the later one is the last, also after nine others."""
    for number in range(1, 10):
        jot(tmp_path / f"20261122T060501Z{f'-{number}' if number > 1 else ''}", report)

    folder = write_report(tmp_path, report, ENDED)

    assert folder.name == "20261122T060501Z-10"
    assert last_results(tmp_path)[0] == "20261122T060501Z-10"


DAMAGED = {
    "nothing": None,
    "empty": b"",
    "cut off": b'{"format": 1, "questions": [{',
    "binary": b"\xff\xfe\x00",
    "another program's": b'{"questions": []}',
    "a list": b"[]",
    "a later format": b'{"format": 99, "questions": []}',
    "questions are none": b'{"format": 1, "questions": [{"id": "a"}]}',
    "null": b'{"format": 1, "questions": null}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_last_report_is_said_and_passed_over(
    tmp_path: Path, report: SuiteReport, content: bytes | None
) -> None:
    """One sentence that names the file; the one before it is compared with."""
    earlier = jot(tmp_path / "20261122T060501Z", report)
    (tmp_path / "20261123T000000Z").mkdir()
    if content is not None:
        (tmp_path / "20261123T000000Z" / "report.json").write_bytes(content)

    name, results, (notice,) = last_results(tmp_path)

    assert (name, len(results)) == (earlier.name, len(report.suite.results))
    assert "20261123T000000Z/report.json" in notice
    assert "\n" not in notice


@pytest.mark.parametrize("name", ["latest", "20261123", "x20261123T000000Z", "20261123T000000Z.bak"])
def test_other_folders_are_no_reports(tmp_path: Path, name: str) -> None:
    """Only a moment in UTC names one."""
    (tmp_path / name).mkdir()

    assert last_results(tmp_path) == ("", [], [])


def test_no_folder_of_reports_yet(tmp_path: Path) -> None:
    """Nothing to compare with; preparing makes it."""
    assert last_results(tmp_path / "reports") == ("", [], [])

    prepare_folder(tmp_path / "reports")

    assert visible(tmp_path / "reports") == []


def test_a_report_of_refused_sets(tmp_path: Path, report: SuiteReport) -> None:
    """They are named in both files."""
    suite = replace(report.suite, refused={"x.jsonl": "line 1 of x.jsonl is not JSON"})

    folder = write_report(tmp_path, replace(report, suite=suite), ENDED)

    assert "**Not measured: x.jsonl.** line 1 of x.jsonl is not JSON." in (folder / "report.md").read_text("utf-8")
    assert json.loads((folder / "report.json").read_text("utf-8"))["refused"] == suite.refused
