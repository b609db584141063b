"""
Batch the concurrent calls of several threads.

A lone caller is served at once and waits for no others.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Batcher(Generic[_Item, _Result]):
    """
    Pass `work` everything that was queued while it was busy.

    `work` is never run by two threads at a time.

    Args:
        work: returns one result per item, in order.
    """

    def __init__(self, work: Callable[[list[_Item]], Sequence[_Result]]) -> None:
        self._work = work
        self._turn = threading.Lock()
        self._queue_lock = threading.Lock()
        self._waiting: list[tuple[Sequence[_Item], Future[list[_Result]]]] = []

    def __call__(self, items: Sequence[_Item]) -> list[_Result]:
        """The results, in order; an exception of `work` is raised to the whole batch."""
        mine: Future[list[_Result]] = Future()
        with self._queue_lock:
            self._waiting.append((items, mine))
        with self._turn:
            if not mine.done():  # the previous batch may have included these items
                self._serve()
        return mine.result()

    def _serve(self) -> None:
        with self._queue_lock:
            batch, self._waiting = self._waiting, []
        try:
            results = iter(self._work([item for items, _ in batch for item in items]))
            for items, future in batch:
                future.set_result([next(results) for _ in items])
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            raise
