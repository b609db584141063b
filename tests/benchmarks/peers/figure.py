"""
One measurement of one contestant over several rounds, and its statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a figure measures."""

    key: str
    title: str
    unit: str
    better: Better
    digits: int


SPEED = (
    Kind("start", "start to first answer", "s", "lower", 2),
    Kind("command", "the same by the command `trichdan ask`", "s", "lower", 2),
    Kind("p50", "question, p50", "ms", "lower", 1),
    Kind("p95", "question, p95", "ms", "lower", 1),
    Kind("p99", "question, p99", "ms", "lower", 1),
    Kind("indexing", "indexing", "passages/s", "higher", 1),
    Kind("encoding", "the same passages encoded", "passages/s", "higher", 1),
    Kind("serving_memory", "peak memory of answering", "MB", "lower", 0),
    Kind("indexing_memory", "peak memory of indexing", "MB", "lower", 0),
)
MEMORY = frozenset({"serving_memory", "indexing_memory"})


def quality(set_name: str, mode: str) -> Kind:
    """RR@10 of a question set."""
    return Kind(f"{set_name}/{mode}", f"RR@10 {set_name}, {mode}", "", "higher", 3)


@dataclass(frozen=True, slots=True)
class Figure:
    """The values of the rounds, in their order."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return float(np.median(self.values))

    @property
    def noise(self) -> float:
        """How far the middle half of the rounds is apart (0 for one value): a single stall does not widen it."""
        low, high = np.percentile(self.values, (25, 75))
        return float(high - low)

    def relative_to(self, other: Figure) -> Figure:
        """Round by round the ratio to another figure, which the machine's mood at that moment cancels out of."""
        return Figure(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    def to_json(self) -> dict[str, object]:
        """What the results file holds."""
        return {
            "median": self.median,
            "noise": self.noise,
            "min": min(self.values),
            "max": max(self.values),
            "rounds": list(self.values),
        }


def is_worse(new: Figure, old: Figure, better: Better) -> bool:
    """
    Whether the medians differ for the worse by more than both noises together.

    Five normal rounds each, of the same thing, are called worse in 2.5 % of cases (simulated).
    """
    loss = new.median - old.median if better == "lower" else old.median - new.median
    return loss > new.noise + old.noise


def standing(ours: Figure, theirs: Sequence[Figure], better: Better) -> Literal["ahead", "level", "behind"]:
    """Ours beside the best of theirs."""
    best = (min if better == "lower" else max)(theirs, key=lambda figure: figure.median)
    if is_worse(best, ours, better):
        return "ahead"
    return "behind" if is_worse(ours, best, better) else "level"
