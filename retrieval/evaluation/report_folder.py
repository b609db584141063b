"""
The folder of reports: one complete folder per run, named for its UTC time.

    reports/
    ├── .lock               held while writing
    └── 20261122T060501Z/   report.md, report.json, recall.png, reliability.png, failures.png
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from retrieval.errors import ReportError
from retrieval.evaluation.markdown import markdown
from retrieval.evaluation.plots import failures_plot, recall_plot, reliability_plot, save
from retrieval.evaluation.report import FORMAT, SuiteReport
from retrieval.evaluation.result import Result

_NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_PARTIAL = ".partial"
_PLOTS = {"recall.png": recall_plot, "reliability.png": reliability_plot, "failures.png": failures_plot}


def prepare_folder(reports: Path) -> None:
    """
    Make the folder of reports.

    Called before questions are asked, so that an unwritable folder is noticed early.
    """
    with _lock(reports):
        pass


def last_results(reports: Path) -> tuple[str, list[Result], list[str]]:
    """
    The name and results of the last readable report, "" and none without one.

    Also returns a notice for each later report that cannot be read.
    """
    notices: list[str] = []
    folders = (path for path in reports.iterdir() if _NAME.fullmatch(path.name)) if reports.is_dir() else ()
    for folder in sorted(folders, key=_order, reverse=True):
        try:
            return folder.name, read_results(folder), notices
        except ReportError as error:
            notices.append(str(error))
    return "", [], notices


def read_results(folder: Path) -> list[Result]:
    """Read the results of a report; ReportError when it is damaged or of another format."""
    path = folder / "report.json"
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        found = report["format"]
        if found == FORMAT:
            return [Result.from_json(entry) for entry in report["questions"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"a report is compared with the last one, {path} cannot be read ({error!r}) and is passed over: remove it"
        ) from error
    raise ReportError(
        f"this version compares reports of format {FORMAT}, {path} has format {found!r} and is passed over: remove it"
    )


def write_report(reports: Path, report: SuiteReport, ended: datetime) -> Path:
    """Write a run's report and return its new folder; on failure nothing stays behind."""
    with _lock(reports):
        final = _unused_folder(reports, f"{ended:%Y%m%dT%H%M%SZ}")
        partial = reports / f".{final.name}{_PARTIAL}"
        partial.mkdir()
        try:
            (partial / "report.md").write_text(markdown(report), encoding="utf-8")
            text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
            (partial / "report.json").write_text(f"{text}\n", encoding="utf-8")
            for name, plot in _PLOTS.items():
                save(plot(report), partial / name)
            partial.rename(final)
        except BaseException:  # KeyboardInterrupt too
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return final


@contextmanager
def _lock(reports: Path) -> Iterator[None]:
    """Hold the folder's lock, and remove what a killed run left."""
    reports.mkdir(parents=True, exist_ok=True)
    with (reports / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in reports.glob(f".*{_PARTIAL}"):
            shutil.rmtree(leftover)
        yield


def _unused_folder(reports: Path, stamp: str) -> Path:
    """The folder of that name, numbered when runs ended in the same second."""
    number = 1
    while (folder := reports / (stamp if number == 1 else f"{stamp}-{number}")).exists():
        number += 1
    return folder


def _order(folder: Path) -> tuple[str, int]:
    stamp, _, number = folder.name.partition("-")
    return stamp, int(number or 1)
