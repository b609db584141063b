"""
The Bars: how far a command is, on standard error, so that they never mix with results.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from retrieval.terminal.time_left import TimeLeft, in_words

# What a build tells of itself, in people's words. Encoding is told in letters, since texts differ a hundredfold in
# length, and the longest come first: of so many that nobody counts in them, and nearly all of a build's time.
_STEPS = {"reading": "Reading files", "lexical": "Indexing words", "encoding": "Encoding"}
_IN_LETTERS = "encoding"


class Bars:
    """One bar below the other, gone at the end; satisfies `retrieval.index.build.progress.Progress`."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), _Done())
        self._bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = TaskID(0)
        self._left: TimeLeft | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def start(self, step: str, total: int) -> None:
        """A step begins; one with nothing to do has no bar."""
        self._left = TimeLeft(total) if step == _IN_LETTERS else None
        shown = _STEPS.get(step, step)
        self._task = self._bars.add_task(shown, total=total, visible=total > 0, left=self._left)

    def advance(self, units: int) -> None:
        """So many units of it are done."""
        if self._left:
            self._left.advance(units)
        self._bars.advance(self._task, units)


class _Done(ProgressColumn):
    """How many of how many; of what is counted in letters, the share and the time that is left."""

    def render(self, task: Task) -> Text:
        """The words beside a bar."""
        left: TimeLeft | None = task.fields["left"]
        if left is None:
            return Text(f"{int(task.completed)}/{int(task.total or 0)}")
        return Text(f"{task.percentage:3.0f} %  {in_words(left.seconds)}")
