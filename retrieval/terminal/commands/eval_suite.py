"""
`trichdan eval --all`: evaluate all sets of a folder and write a report.

Evaluating one set must not import this module, which loads the plots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from embeddings import load_encoder
from retrieval.errors import QuestionSetError
from retrieval.evaluation.comparison import compare
from retrieval.evaluation.mode import MODES
from retrieval.evaluation.provenance import provenance
from retrieval.evaluation.question_set import set_paths
from retrieval.evaluation.report import SuiteReport
from retrieval.evaluation.report_folder import last_results, prepare_folder, write_report
from retrieval.evaluation.set_metrics import SetMetrics
from retrieval.evaluation.suite import SuitePlan, run_suite
from retrieval.terminal.output.columns import columns
from retrieval.terminal.progress_bars import ProgressBars


def run_eval_all(plan: SuitePlan, reports: Path, command: str) -> tuple[Path, SuiteReport]:
    """
    Measure the sets; return the new report folder and the report.

    Raises:
        QuestionSetError: no set could be measured.
    """
    started = datetime.now(UTC)
    set_paths(plan.folder)
    prepare_folder(reports)  # check both paths before asking any question
    with ProgressBars() as bars:
        suite = run_suite(plan, load_encoder(plan.model, options=plan.options, dimensions=plan.dimensions), bars)
    if not suite.metrics:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in suite.refused.items())
        raise QuestionSetError(
            f"a report needs at least one set that can be measured, {plan.folder} has none: {reasons}"
        )
    ended = datetime.now(UTC)
    before, earlier, notices = last_results(reports)
    report = SuiteReport(
        about=provenance(command, started=started, ended=ended),
        suite=suite,
        comparison=compare(earlier, suite.results, name=before) if before else None,
        notices=tuple(notices),
    )
    return write_report(reports, report, ended), report


def show_suite(console: Console, warn: Callable[[str], None], folder: Path, report: SuiteReport) -> None:
    """
    Print the measures of every set, the changes, and the report's path.

    `warn` gets each refused set and notice.
    """
    for name, reason in report.suite.refused.items():
        warn(f"{name} is not in the report: {reason}")
    for notice in report.notices:
        warn(notice)
    for line in columns(list(_rows(report.suite.metrics)), left=2):
        console.print(line, markup=False, soft_wrap=True)
    for mode in MODES:
        overall = report.overall(mode)
        auc = "" if overall.area is None else f"AUC {overall.area:.4f}, "
        console.print(f"all sets, {mode}: {auc}ECE {overall.error:.4f}")
    if report.comparison:
        better, worse = len(report.comparison.better), len(report.comparison.worse)
        console.print(f"since {report.comparison.before}: {better} better, {worse} worse", markup=False)
    console.print(f"report: {folder / 'report.md'}", markup=False, soft_wrap=True)


def _rows(metrics: Sequence[SetMetrics]) -> Iterator[list[str]]:
    """The header, then a row for each set and mode."""
    yield ["set", "asked", "questions", *metrics[0].measures, "AUC", "ECE"]
    for one in metrics:
        values = [*one.measures.values(), one.reliability.area, one.reliability.error]
        shown = ("" if value is None else f"{value:.3f}" for value in values)
        yield [one.set_name, one.mode, str(one.answerable), *shown]
