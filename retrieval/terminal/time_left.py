"""
The TimeLeft: how long the rest of a work takes, told from how long the last of it took.

Apart from the bars that show it, which know no clock. Nothing is said before there is something to tell it from.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

_LOOK_BACK: Final = 60.0  # seconds: what else the machine does changes the pace within minutes
_LEAST: Final = 5.0  # seconds of work before anything is said


class TimeLeft:
    """
    Args:
        total: units of work, whatever they are; each of them takes about as long as another.
        clock: seconds that only grow.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._done = 0
        # When how much was done. What comes before the first report, such as loading a model, is no part of the pace.
        self._reports: deque[tuple[float, int]] = deque()

    def advance(self, units: int) -> None:
        """So many more are done."""
        self._done += units
        now = self._clock()
        self._reports.append((now, self._done))
        while len(self._reports) > 2 and self._reports[1][0] <= now - _LOOK_BACK:
            self._reports.popleft()

    @property
    def seconds(self) -> float | None:
        """Until all is done, at the pace of the last minute; None as long as that cannot be told."""
        if not self._reports:
            return None
        (begun, done_before), (last, done) = self._reports[0], self._reports[-1]
        if last - begun < _LEAST or done == done_before:
            return None
        left = (self._total - done) * (last - begun) / (done - done_before)
        return max(0.0, left - (self._clock() - last))


def in_words(seconds: float | None) -> str:
    """
    As exactly as it can be known: "2 h 10 min left", "12 min left", "under a minute left", or nothing.
    """
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under a minute left"
    if minutes < 60:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60:02} min left"
