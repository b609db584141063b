"""
Plots of a report, drawn without a display.

Imported only for suites: matplotlib takes half a second to load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from retrieval.evaluation.judgement import DEPTH
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.reliability import BINS
from retrieval.evaluation.report import QuestionGroup, SuiteReport
from retrieval.ranking.confidence import SHOWN_PASSAGES

# Okabe & Ito 2008: distinguishable to colour-blind readers.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES: dict[Mode, Literal["-", "-.", ":"]] = {"full": "-", "half": "-.", "bare": ":"}
_MARKERS: dict[Mode, Literal["o", "D", "s"]] = {"full": "o", "half": "D", "bare": "s"}
_SHADES: dict[Mode, str] = {"full": "#00507D", "half": "#3D9BD0", "bare": "#B5D9EE"}
_TYPED: dict[Mode, str] = {
    "full": "full questions",
    "half": "half: each word bare or not, by chance",
    "bare": "bare: without diacritics",
}
_GREY = "#666666"
_BAR = 0.27  # of the distance between two rows


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    FigureCanvasAgg(figure)
    figure.savefig(path, dpi=150, metadata={"Software": ""})


def recall_plot(report: SuiteReport) -> Figure:
    """R@1 to R@10 of every set: full solid, half-typed dashed and dotted, bare dotted."""
    figure = Figure(figsize=(9, 5.5), layout="constrained")
    axes: Axes = figure.subplots()
    depths = range(1, DEPTH + 1)
    for one in report.suite.metrics:
        colour = _colour(report, one.set_name)
        # A hollow marker on a full one still shows where both lines are the same.
        face = colour if one.mode == "full" else "white"
        axes.plot(
            depths,
            one.recall,
            _LINES[one.mode],
            color=colour,
            linewidth=2,
            marker=_MARKERS[one.mode],
            markersize=5,
            markerfacecolor=face,
        )
    lowest = min((one.recall[0] for one in report.suite.metrics), default=0.0)
    bottom = max(min(math.floor(lowest * 20 - 0.5) / 20, 0.9), 0.0)
    axes.set(ylim=(bottom, 1 + (1 - bottom) / 40), xlim=(0.8, DEPTH + 0.2), xticks=depths, xlabel="k", ylabel="R@k")
    axes.set_title("Share of the right passages that are among the first k", loc="left", fontsize=13)
    axes.grid(axis="y", color="#e4e4e4")
    axes.set_axisbelow(True)
    _style_axes(axes)
    ends = {one.set_name: one.recall[-1] for one in reversed(report.suite.metrics)}
    for name, height in zip(ends, _spread_labels(list(ends.values()), (1 - bottom) / 20), strict=True):
        colour = _colour(report, name)
        axes.annotate(name, (DEPTH + 0.25, height), color=colour, va="center", annotation_clip=False, fontsize=12)
    modes = [
        Line2D(
            [],
            [],
            linestyle=_LINES[mode],
            color=_GREY,
            linewidth=2,
            marker=_MARKERS[mode],
            markersize=5,
            markerfacecolor=_GREY if mode == "full" else "white",
        )
        for mode in MODES
    ]
    axes.legend(modes, [_TYPED[mode] for mode in MODES], loc="lower right", frameon=False, fontsize=12)
    return figure


def reliability_plot(report: SuiteReport) -> Figure:
    """
    Mean confidence against share answered, above a histogram of questions per bin.

    Over all sets.
    """
    figure = Figure(figsize=(7.5, 8), layout="constrained")
    curve, histogram = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    curve.plot((0, 1), (0, 1), color="#bbbbbb", linewidth=1.5, label="as often right as sure")
    for place, mode in enumerate(MODES):
        overall, colour = report.overall(mode), _SHADES[mode]
        sure, right = [b.confidence for b in overall.bins], [b.answered for b in overall.bins]
        spans = [wilson(b.answered, b.questions) for b in overall.bins]
        interval = "95 % interval" if mode == "full" else None
        curve.vlines(sure, [low for low, _ in spans], [high for _, high in spans], colour, linewidth=1, label=interval)
        label = f"{mode} questions (ECE {overall.error:.3f})"
        curve.plot(sure, right, marker="o", color=colour, linewidth=2, label=label)
        starts = [b.low + (0.1 + _BAR * place) / BINS for b in overall.bins]
        histogram.bar(starts, [b.questions for b in overall.bins], width=_BAR / BINS, align="edge", color=colour)
    _style_axes(curve, histogram)
    curve.set(xlim=(0, 1), ylim=(0, 1.01), ylabel=f"share answered by the first {SHOWN_PASSAGES} passages")
    results = report.results_of("full")
    answerable = sum(result.answerable for result in results)
    curve.set_title(
        f"How often a confidence is right ({answerable} answerable questions, {len(results) - answerable} not)",
        loc="left",
        fontsize=13,
    )
    curve.legend(loc="lower right", frameon=False, fontsize=11)
    histogram.set(xlabel="confidence", ylabel="questions", xticks=[i / BINS for i in range(BINS + 1)])
    histogram.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    return figure


def failures_plot(report: SuiteReport) -> Figure:
    """What went wrong, and with which kinds of questions."""
    failures = {mode: report.failures(mode) for mode in MODES}
    words = {mode: report.by_question_word(mode) for mode in MODES}
    kinds = {mode: report.by_kind(mode) for mode in MODES}
    left = len(failures["full"]) + len(kinds["full"])
    figure = Figure(figsize=(15, 1.5 + 0.62 * max(left, len(words["full"]))), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=(len(failures["full"]), max(len(kinds["full"]), 1)))
    counts = {mode: [float(sum(sets.values())) for sets in failures[mode].values()] for mode in MODES}
    labels = {mode: [f"{count:.0f}" for count in counts[mode]] for mode in MODES}
    causes = figure.add_subplot(grid[0, 0])
    _bars(causes, list(failures["full"]), counts, labels, max(max(counts[mode]) for mode in MODES))
    causes.set_title("What went wrong, in questions of all sets", loc="left", fontsize=13)
    causes.legend(loc="lower right", frameon=False, fontsize=11)
    groups = [group for mode in MODES for group in (*words[mode], *kinds[mode])]
    longest = max((group.not_shown / group.questions for group in groups), default=0.0)  # equal shares are equally long
    by_word = figure.add_subplot(grid[:, 1])
    _group_bars(by_word, words, longest)
    by_word.set_title(f"No right passage in the first {SHOWN_PASSAGES}, by question word", loc="left", fontsize=13)
    if kinds["full"]:
        by_kind_axes = figure.add_subplot(grid[1, 0])
        _group_bars(by_kind_axes, kinds, longest)
        by_kind_axes.set_title(
            f"No right passage in the first {SHOWN_PASSAGES}, by the set's own kinds", loc="left", fontsize=13
        )
    return figure


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` (Wilson 1927)."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def _group_bars(axes: Axes, groups: dict[Mode, list[QuestionGroup]], longest: float) -> None:
    shares = {mode: [group.not_shown / group.questions for group in groups[mode]] for mode in MODES}
    labels = {
        mode: [
            f"{share:.0%}  ({s.not_shown} of {s.questions})"
            for share, s in zip(shares[mode], groups[mode], strict=True)
        ]
        for mode in MODES
    }
    _bars(axes, [group.name for group in groups["full"]], shares, labels, longest)


def _bars(
    axes: Axes,
    names: list[str],
    lengths: dict[Mode, list[float]],
    labels: dict[Mode, list[str]],
    longest: float,
) -> None:
    """Draw a labelled bar for each name and mode, the first name at the top."""
    for place, mode in enumerate(MODES):
        rows = [row + (place - (len(MODES) - 1) / 2) * _BAR for row in range(len(names))]
        bars = axes.barh(rows, lengths[mode], height=_BAR, color=_SHADES[mode], label=f"{mode} questions")
        axes.bar_label(bars, labels[mode], padding=4, fontsize=10, color=_GREY)
    _style_axes(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set(yticks=range(len(names)), yticklabels=names, xlim=(0, longest * 1.3 or 1), xticks=[])
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelsize=12)


def _style_axes(*panels: Axes) -> None:
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=11)
        axes.xaxis.label.set_fontsize(12)
        axes.yaxis.label.set_fontsize(12)


def _colour(report: SuiteReport, set_name: str) -> str:
    return _COLOURS[report.set_names.index(set_name) % len(_COLOURS)]


def _spread_labels(heights: Sequence[float], least: float) -> list[float]:
    """Move neighbouring heights apart until they are about `least` apart."""
    places = list(heights)
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    for _ in range(100):
        for below, above in pairwise(order):
            push = max(least - (places[above] - places[below]), 0) / 2
            places[below] -= push
            places[above] += push
    return places
