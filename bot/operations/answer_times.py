"""
Answer times: percentiles over the last thousand answers, and the uptime.

The histograms in `metrics` cannot give these: they cover the whole run, every kind of update, and the wait.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_REMEMBERED = 1_000  # answers


class AnswerTimes:
    """
    How long the latest answers took.

    Args:
        now: a monotonic clock in seconds.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic, size: int = _REMEMBERED) -> None:
        self._now = now
        self._started = now()
        self._durations: deque[float] = deque(maxlen=size)

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return self._now() - self._started

    @property
    def count(self) -> int:
        """The number of answers behind the percentiles."""
        return len(self._durations)

    def start(self) -> float:
        """Start timing an answer; returns the value to pass to `record`."""
        return self._now()

    def record(self, begun: float) -> None:
        """Record an answer that the server has accepted."""
        self._durations.append(self._now() - begun)

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came (nearest rank), 0 without answers."""
        ordered = sorted(self._durations)
        rank = -int(-share * len(ordered) // 1)  # share * n, rounded up
        return ordered[max(rank, 1) - 1] if ordered else 0.0
