"""
Vitals: how long answers took, over the last thousand of them, and since when.

Apart from `status`, which shows them: this is filled where answers are made, and stays small however long that goes on.
Apart from `metrics` as well: its histograms are of the program's whole life and of every kind of update, with their
wait; no percentile of the last questions can be read from them. All else is counted once, and read by both.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_REMEMBERED = 1_000  # answers


class AnswerTimes:
    """
    The time that answers took.

    Args:
        now: a monotonic clock in seconds.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic, size: int = _REMEMBERED) -> None:
        self._now = now
        self._started = now()
        self._took: deque[float] = deque(maxlen=size)

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return self._now() - self._started

    @property
    def measured(self) -> int:
        """How many answers the percentiles are of."""
        return len(self._took)

    def begin(self) -> float:
        """An answer is begun: what `answered` is to be given."""
        return self._now()

    def answered(self, begun: float) -> None:
        """The answer that was begun then is with the server."""
        self._took.append(self._now() - begun)

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came (nearest rank), 0 when there was none."""
        ordered = sorted(self._took)
        rank = -int(-share * len(ordered) // 1)  # the share of n, rounded up
        return ordered[max(rank, 1) - 1] if ordered else 0.0
