"""Progress bars on standard error, so that they never mix with results."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

# The steps of a build. Encoding counts characters, because texts differ a hundredfold in length.
_STEPS = {"reading": "Reading files", "lexical": "Indexing words", "encoding": "Encoding"}
_PERIOD = 60.0  # seconds over which speed is estimated; the load of the machine changes it within minutes


class ProgressBars:
    """
    One bar per step, removed at the end.

    Satisfies `retrieval.index.build.progress.Progress`.
    """

    def __init__(self, console: Console | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        console = console or Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
            get_time=clock,
            speed_estimate_period=_PERIOD,
        )
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the bars before the end, so that something can be printed."""
        self._bars.stop()

    def start(self, step: str, total: int) -> None:
        """Start a step; one with nothing to do gets no bar."""
        self._task = self._bars.add_task(_STEPS.get(step, step), total=total, visible=total > 0)

    def advance(self, units: int) -> None:
        """Report that further units of the current step are done."""
        self._bars.advance(self._task, units)
