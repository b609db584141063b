"""
Second presses of a button: whoever presses twice is sent nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_SECONDS = 3.0
_SWEPT = 1_000  # remembered presses at which expired ones are dropped

Press = tuple[int, int, str]  # chat, message, what the button carries


class RepeatedPresses:
    """Remembers presses from their end: the second one waits in its chat for the first."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._done: dict[Press, float] = {}

    def is_repeated(self, press: Press) -> bool:
        """Whether this button was pressed, and its press carried out, a moment ago."""
        return self._now() - self._done.get(press, float("-inf")) < _SECONDS

    def record(self, press: Press) -> None:
        """Note that a press has been carried out."""
        if len(self._done) >= _SWEPT:
            self._done = {each: at for each, at in self._done.items() if self._now() - at < _SECONDS}
        self._done[press] = self._now()
