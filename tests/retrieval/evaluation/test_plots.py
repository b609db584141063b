"""The plots show the report's own figures, and are drawn without a display."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.mode import MODES
from retrieval.evaluation.plots import _spread_labels, failures_plot, recall_plot, reliability_plot, save, wilson
from retrieval.evaluation.report import SuiteReport
from tests.retrieval.evaluation.conftest import result, suite_of

pytestmark = pytest.mark.slow


def test_recall_curves_are_the_figures(report: SuiteReport) -> None:
    """A line for each set and mode: one style a mode, one colour a set."""
    (axes,) = recall_plot(report).axes

    lines = [(line.get_linestyle(), tuple(np.asarray(line.get_ydata()))) for line in axes.lines]
    styles = {"full": "-", "half": "-.", "bare": ":"}
    assert lines == [(styles[one.mode], one.recall) for one in report.suite.metrics]
    assert axes.lines[0].get_color() == axes.lines[2].get_color() != axes.lines[3].get_color()
    assert axes.get_ylim()[0] == 0.45  # below the lowest point, a half


def test_reliability_is_the_bins(report: SuiteReport) -> None:
    """At 0.4 one question, answered; at 0.9 two of three; the bars are 1 and 3 high, in every mode."""
    curve, histogram = reliability_plot(report).axes

    points = [np.round(np.asarray(line.get_xydata()), 4).tolist() for line in curve.lines[1:]]
    heights = [bar.get_height() for bar in histogram.patches]
    assert points == [[[0.4, 1.0], [0.9, 0.3333]]] * 3
    assert heights == [1, 3] * 3


def test_failures_are_counted_by_hand(report: SuiteReport) -> None:
    """One at rank 4-10 and one found without an answer, in every mode; "ở đâu" fails always, "ai" never."""
    what, asking, kinds = failures_plot(report).axes

    assert [bar.get_width() for bar in what.patches] == [0, 1, 0, 0, 0, 1] * 3
    assert [label.get_text() for label in asking.get_yticklabels()] == ["ở đâu", "ai"]
    assert [bar.get_width() for bar in asking.patches] == [1.0, 0.0] * 3
    assert [label.get_text() for label in kinds.get_yticklabels()] == ["plain"]


@pytest.mark.parametrize("rank", [None, 0, 1])
def test_a_report_of_a_single_question(tmp_path: Path, report: SuiteReport, rank: int | None) -> None:
    """Nothing but unanswerable, failed or answered questions: every plot is still drawn, without a warning."""
    small = replace(report, suite=suite_of([result("a", rank, mode=mode) for mode in MODES]))

    for number, plot in enumerate((recall_plot, reliability_plot, failures_plot)):
        save(plot(small), tmp_path / f"{number}.png")

    assert len(list(tmp_path.iterdir())) == 3


def test_vietnamese_letters_are_in_the_font(tmp_path: Path, report: SuiteReport) -> None:
    """A missing glyph would be a warning, which is an error here."""
    letters = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ"
    save(recall_plot(replace(report, suite=suite_of([result("a", set_name=letters)]))), tmp_path / "x.png")

    assert (tmp_path / "x.png").stat().st_size > 0


@given(st.lists(st.floats(0, 1), max_size=8))
def test_labels_are_kept_apart_and_in_order(heights: list[float]) -> None:
    """Nearly the wanted distance between neighbours, and their middle stays."""
    found = _spread_labels(heights, 0.05)

    ordered = [place for _, place in sorted(zip(heights, found, strict=True))]
    assert all(above - below > 0.04 for below, above in pairwise(ordered))
    assert sum(found) == pytest.approx(sum(heights))


def test_an_interval_by_hand() -> None:
    """Of 10 a half: z² = 3.8416, so 0.5 ± 1.96 · √(0.025 + 0.09604 / 10) / 1.38416."""
    low, high = wilson(0.5, 10)

    half = 1.96 * (0.25 / 10 + 3.8416 / 400) ** 0.5 / 1.38416
    assert (low, high) == (pytest.approx(0.5 - half), pytest.approx(0.5 + half))
