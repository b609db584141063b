"""
Bar charts of a run, one panel per kind of figure.

Whiskers reach from the lowest round to the highest.
"""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from tests.benchmarks.peers.figure import SPEED, Kind
from tests.benchmarks.peers.results import Results
from tests.benchmarks.peers.table import OURS

# Okabe & Ito 2008: told apart by colour-blind readers too.
_OURS, _THEIRS, _GREY = "#0072B2", "#9CC9E3", "#666666"


def speed_plot(results: Results) -> Drawing:
    """Time and memory."""
    speed = {kind.key for kind in SPEED}
    return _panels(results, [kind for kind in results.kinds if kind.key in speed], columns=2)


def quality_plot(results: Results) -> Drawing:
    """RR@10 of every set, full beside bare."""
    speed = {kind.key for kind in SPEED}
    return _panels(results, [kind for kind in results.kinds if kind.key not in speed], columns=2)


def _panels(results: Results, kinds: list[Kind], *, columns: int) -> Drawing:
    kinds = [kind for kind in kinds if _having(results, kind)[1:]]  # one bar alone says nothing
    rows = math.ceil(len(kinds) / columns) or 1
    drawing = Drawing(figsize=(13, 0.7 + rows * (1.0 + 0.36 * len(results.figures))), layout="constrained")
    grid = drawing.subplots(rows, columns, squeeze=False)
    panels: list[Axes] = [axes for row in grid for axes in row]
    for axes, kind in zip(panels, kinds, strict=False):
        _bars(axes, kind, results)
    for axes in panels[len(kinds) :]:
        axes.set_visible(False)
    return drawing


def _bars(axes: Axes, kind: Kind, results: Results) -> None:
    names = _having(results, kind)
    figures = [results.figures[name][kind.key] for name in names]
    medians = [figure.median for figure in figures]
    ends = [max(figure.values) for figure in figures]
    axes.barh(range(len(names)), medians, height=0.7, color=[_OURS if name == OURS else _THEIRS for name in names])
    spans = [
        [figure.median - min(figure.values) for figure in figures],
        [max(figure.values) - figure.median for figure in figures],
    ]
    axes.errorbar(medians, range(len(names)), xerr=spans, fmt="none", ecolor=_GREY, capsize=3, linewidth=1)
    for row, (median, end) in enumerate(zip(medians, ends, strict=True)):
        axes.annotate(
            f"{median:,.{kind.digits}f}",
            (end, row),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=_GREY,
            fontsize=10,
        )
    unit = f", {kind.unit}" if kind.unit else ""
    axes.set_title(f"{kind.title}{unit}\n{kind.better} is better", loc="left", fontsize=11, pad=8)
    axes.set(yticks=range(len(names)), yticklabels=[results.titles[name] for name in names], xticks=[])
    axes.set(xlim=(0, max(ends, default=1) * 1.18 or 1), ylim=(max(len(names), 1) - 0.5, -0.5))
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=11)


def _having(results: Results, kind: Kind) -> list[str]:
    return [name for name, figures in results.figures.items() if kind.key in figures]
