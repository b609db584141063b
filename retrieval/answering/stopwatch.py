"""
A stopwatch for the stages of answering a question.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Milliseconds between laps, and in total."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._start = self._last = now()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a stage."""
        now = self._now()
        self._laps[name] = (now - self._last) * 1000
        self._last = now

    def laps(self) -> dict[str, float]:
        """All stages, and "total"."""
        return {**self._laps, "total": (self._last - self._start) * 1000}
