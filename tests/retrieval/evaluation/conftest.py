"""Results made by hand, and a whole report of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.evaluation.failure import Failure
from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.provenance import Provenance
from retrieval.evaluation.report import SuiteReport
from retrieval.evaluation.result import Result
from retrieval.evaluation.set_metrics import compute_set_metrics
from retrieval.evaluation.suite import SuiteResult
from retrieval.ranking.confidence import State

ABOUT = Provenance("2026-11-22T06:00:00+00:00", 61, "trichdan eval --all x", None, {"cores": 2}, "3.11", {"numpy": "2"})


def result(
    name: str,
    rank: int | None = 1,
    *,
    state: State = "found",
    confidence: float = 0.9,
    mode: Mode = "full",
    set_name: str = "s",
    text: str = "Ai?",
    kind: str = "",
    failure: Failure | None = None,
) -> Result:
    """A result with its one right passage at `rank`; 0: not in the first ten, None: unanswerable."""
    judgement = Judgement((), 0) if rank is None else Judgement((rank,) if rank else (), 1)
    return Result(set_name, name, mode, text, kind, judgement, state, confidence, "d#1", failure)


def suite_of(results: Sequence[Result], refused: dict[str, str] | None = None) -> SuiteResult:
    """A suite of results, which are grouped by set and mode."""
    groups = [
        [r for r in results if (r.set_name, r.mode) == (name, mode)]
        for name in dict.fromkeys(r.set_name for r in results)
        for mode in MODES
    ]
    made = [
        compute_set_metrics(
            group, fingerprint="bag/1", milliseconds={"total": {"p50": 1.0, "p95": 2.0}}, highlights=None
        )
        for group in groups
        if group
    ]
    return SuiteResult(tuple(made), tuple(results), refused or {})


@pytest.fixture
def report() -> SuiteReport:
    """Two sets; of three answerable questions one fails in every mode, and one unanswerable is found."""
    results = [
        made
        for mode in MODES
        for made in (
            result("q1", 1, mode=mode, set_name="một", text="Ai đến?", kind="plain"),
            result("q2", 4, mode=mode, set_name="một", text="Ở đâu | *thế*?", failure="right passage at rank 4-10"),
            result("q3", 1, mode=mode, set_name="hai", confidence=0.4, state="weak"),
            result("q4", None, mode=mode, set_name="hai", text="Giá?", failure='unanswerable, yet "found"'),
        )
    ]
    return SuiteReport(ABOUT, suite_of(results), None)
