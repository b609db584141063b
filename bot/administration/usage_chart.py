"""
The chart of a usage report: questions by state, and ratings, as one PNG.

Imported only when a chart is drawn: matplotlib takes half a second to import.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from bot.messages.texts import Texts
from bot.storage.ratings import REASONS, RatingCounts
from bot.storage.state import AnswerState
from bot.storage.usage import Period, UsageCounts

# Okabe & Ito 2008: distinguishable by colour-blind readers. The default font, DejaVu Sans, has all Vietnamese letters.
_COLOURS: dict[AnswerState, str] = {"found": "#0072B2", "weak": "#E69F00", "none": "#D55E00"}
_UP, _DOWN, _GREY = "#0072B2", "#D55E00", "#666666"
_BARS = 45  # up to this many days get a bar each, more are grouped by week
_FEW = 5  # fewer bars than this are drawn as narrow as this many
_NUMBERED = 31  # with more bars, three digits overlap their neighbours'
_LABELS = 10  # dates below the bars


def draw(period: Period, counts: UsageCounts, ratings: RatingCounts, texts: Texts) -> bytes:
    """The PNG, 1200 by 1200 pixels."""
    figure = Figure(figsize=(8, 8), layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15))
    figure.suptitle(
        texts.report.format(first=f"{period.days[0]:%d/%m/%Y}", last=f"{period.days[-1]:%d/%m/%Y}"), size=15
    )
    panels = figure.subfigures(
        2, 1, squeeze=False, height_ratios=(3, 2)
    )  # subfigures, so that each panel has its own left margin
    _questions(panels[0, 0].subplots(), period, counts, texts)
    _ratings(panels[1, 0].subplots(), ratings, texts)
    FigureCanvasAgg(figure)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=150, metadata={"Software": ""})
    return png.getvalue()


def _questions(axes: Axes, period: Period, counts: UsageCounts, texts: Texts) -> None:
    """Draw a stacked bar of states for each day or week."""
    spans = _spans(period.days)
    floor, drawn = [0] * len(spans), []
    for outcome, label in texts.states:
        heights = [sum(counts.by_day[day][outcome] for day in span if day in counts.by_day) for span in spans]
        drawn.append(axes.bar(range(len(spans)), heights, 0.75, floor, color=_COLOURS[outcome], label=label))
        floor = [low + height for low, height in zip(floor, heights, strict=True)]
    totals = [str(height or "") for height in floor] if len(spans) <= _NUMBERED else [""] * len(spans)
    axes.bar_label(drawn[-1], totals, padding=3, fontsize=10, color=_GREY)
    every = -(-len(spans) // _LABELS)
    aside = 0.6 + max(_FEW - len(spans), 0) / 2  # a single bar is not as wide as the chart
    places = range((len(spans) - 1) % every, len(spans), every)  # today's, the last, always has its date
    axes.set(
        xticks=places, xticklabels=[_label(spans[place]) for place in places], xlim=(-aside, len(spans) - 1 + aside)
    )
    axes.set_ylim(0, max(*floor, 4) * 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="y", color="#e4e4e4")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=11)
    axes.set_title(texts.chart_questions, loc="left", fontsize=13, pad=34)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False, fontsize=11)


def _ratings(axes: Axes, ratings: RatingCounts, texts: Texts) -> None:
    """Draw a labelled bar for the ups and one for each reason of the downs."""
    reasons = dict(texts.reasons)
    names = [texts.chart_up, *(reasons[reason] for reason in REASONS), texts.no_reason]
    lengths = [ratings.ups, *(ratings.downs.get(reason, 0) for reason in (*REASONS, None))]
    bars = axes.barh(range(len(names)), lengths, 0.6, color=[_UP, *[_DOWN] * (len(names) - 1)])
    axes.bar_label(bars, [str(length) for length in lengths], padding=4, fontsize=11, color=_GREY)
    axes.set(yticks=range(len(names)), yticklabels=names, xticks=[], xlim=(0, max(*lengths, 1) * 1.1))
    axes.invert_yaxis()
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=11)
    axes.set_title(texts.chart_ratings, loc="left", fontsize=13)


def _spans(days: Sequence[date]) -> list[Sequence[date]]:
    """The days one by one, or in weeks that end with the last day."""
    if len(days) <= _BARS:
        return [[day] for day in days]
    first = len(days) % 7
    return [span for span in (days[:first], *(days[i : i + 7] for i in range(first, len(days), 7))) if span]


def _label(span: Sequence[date]) -> str:
    """A bar's label. Example: "22/11", or a week's first and last day, "16/11–\\n22/11"."""
    first, last = f"{span[0]:%d/%m}", f"{span[-1]:%d/%m}"
    return first if first == last else f"{first}–\n{last}"
