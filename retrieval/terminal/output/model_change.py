"""
What another model changes, question by question.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from retrieval.evaluation.comparison import Change
from retrieval.evaluation.models.model_change import ModelChange

_MEASURES = ("RR@10", "R@1", "R@3")


def show_model_change(console: Console, change: ModelChange) -> None:
    """Print how many marked questions got better and worse, and which."""
    for line in _lines(change):
        console.print(line, markup=False, soft_wrap=True)


def _lines(change: ModelChange) -> Iterator[str]:
    yield from _compared(change)
    if change.loses_calibration:
        yield f"  what `trichdan calibrate` learned does not hold for {change.after}: calibrate again when it is live"
    if change.is_unsure:
        yield (
            f"  {change.after} agrees too little with the bundled model for the shipped confidence: its answers are at "
            "most unsure, and only ranks compared, until `trichdan calibrate` has learned with it"
        )


def _compared(change: ModelChange) -> Iterator[str]:
    models = f"{change.after} in place of {change.before}"
    if not change.comparison:
        yield f"{models}: not compared, {change.reason}"
        return
    better, worse = len(change.better), len(change.worse)
    alike = change.questions - better - worse
    yield f"{models}: of {change.questions} marked questions {better} better, {worse} worse, {alike} alike"
    if change.changed:
        yield f"  {change.changed} more not compared, since documents near their answers have changed: index them first"
    for difference in change.comparison.differences:
        measures = (f"{name} {_arrow(*difference.measures[name])}" for name in _MEASURES)
        yield f"  {', '.join(measures)}"
    for word, changes in (("better", change.better), ("worse", change.worse)):
        yield from (f"  {word}: {_change(one)}" for one in changes)


def _change(change: Change) -> str:
    """Example: "rank 3 → 1, weak → found: “Thời hạn nộp báo cáo?”"."""
    before, after = change.before, change.after
    rank = f"rank {before.rank or 'none'} → {after.rank or 'none'}" if before.rank != after.rank else ""
    state = f"{before.state} → {after.state}" if before.state != after.state else ""
    return f"{', '.join(filter(None, (rank, state)))}: “{after.text}”"


def _arrow(before: float, after: float) -> str:
    return f"{before:.3f} → {after:.3f}"
