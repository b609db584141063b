"""
Search workers: processes that answer questions and are killed at the deadline.

A question that holds its process up holds up no other one, and not the bot: each process answers one at a time.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from multiprocessing import Pipe
from threading import Condition
from time import monotonic
from typing import Protocol

from bot.errors import UnavailableError, WorkerEndedError
from bot.search.search_worker import SearchRequest
from bot.settings.child_environment import child_environment
from bot.settings.visibility import VisibleCollections
from retrieval import Answer, Retriever, module_command

_WARM = 2  # processes that are started before the first question, the others when they are needed
_START = 120.0  # seconds to load the model, which is unpacked at the first start
_GRACE = 1.0  # seconds in which a process that is overdue writes down where it is, and ends itself


class Asker(Protocol):
    """Answers questions: a Retriever does in a thread, SearchWorkers do in processes."""

    def ask(self, question: str, *, k: int, previous: str | None = None, within: VisibleCollections) -> Answer:
        """Answer a question, or raise as `Retriever.ask` does."""
        ...

    def warm_up(self) -> None:
        """Load the model before the first question."""
        ...


class SearchWorkers:
    """
    Processes that answer questions, each one at a time. Thread-safe.

    Args:
        make: makes the Retriever of a process; pickled.
        count: processes at most.
        seconds: the deadline of a question.
    """

    def __init__(self, make: Callable[[], Retriever], *, count: int, seconds: float) -> None:
        self._make = make
        self._count = count
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._idle: list[_Worker] = []
        self._changed = Condition()  # of both lists
        self._is_closed = False

    def ask(self, question: str, *, k: int, previous: str | None = None, within: VisibleCollections) -> Answer:
        """
        Answer a question, or raise as `Retriever.ask` does.

        Raises:
            UnavailableError: it took too long, or its process ended twice.
        """
        deadline = monotonic() + self._seconds

        def attempt() -> Answer:
            worker = self._take()
            try:
                return worker.ask(SearchRequest(question, k, previous, within, deadline - monotonic()))
            finally:
                self._give_back(worker)

        try:
            return attempt()
        except WorkerEndedError:  # the system has ended it, for want of memory perhaps: the question is not lost
            return attempt()

    def warm_up(self) -> None:
        """Start the first processes and load the model in each; raises as `Retriever.warm_up` does."""
        for _ in range(min(self._count, _WARM)):
            worker = self._start()
            if worker is None:
                return
            try:
                worker.warm_up()
            finally:
                self._give_back(worker)

    def renew(self) -> None:
        """
        End every process, and start the first ones again.

        One that answers a question ends after that. Nothing is then left in memory of what was asked.
        """
        with self._changed:
            for worker in self._workers:
                worker.is_retired = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
        self.warm_up()

    def close(self) -> None:
        """End the processes, also in the midst of a question."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            for worker in self._workers:
                worker.end()

    def _start(self) -> _Worker | None:
        """A new process, None where there are enough."""
        with self._changed:
            self._forget_ended()
            if self._is_closed or len(self._workers) >= self._count:
                return None
            self._workers.append(_Worker(self._make))
            return self._workers[-1]

    def _take(self) -> _Worker:
        """An idle process, or a new one while there are fewer than `count`."""
        with self._changed:
            while not self._is_closed:
                self._forget_ended()
                if self._idle:
                    return self._idle.pop()  # the last one used: its memory is at hand
                if worker := self._start():
                    return worker
                self._changed.wait()
        raise UnavailableError("the program is ending")

    def _give_back(self, worker: _Worker) -> None:
        with self._changed:
            if worker.is_retired:
                worker.end()
            self._idle.append(worker)
            self._changed.notify()

    def _forget_ended(self) -> None:
        self._idle = [worker for worker in self._idle if worker.is_running]
        self._workers = [worker for worker in self._workers if worker.is_running]


class _Worker:
    """One process and the connection to it."""

    def __init__(self, make: Callable[[], Retriever]) -> None:
        self.is_retired = False  # ends when it is given back
        self._connection, its = Pipe()
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                module_command("bot.search.search_worker", str(its.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment(),
                pass_fds=[its.fileno()],
                start_new_session=True,
            )
        self._connection.send(make)

    @property
    def is_running(self) -> bool:
        """Whether it can be asked more."""
        return self._process.poll() is None

    def ask(self, request: SearchRequest) -> Answer:
        """
        The answer to a question; the process ends if there is none in time.

        Raises:
            WorkerEndedError: the process has ended.
            UnavailableError: there was no answer in time.
        """
        answer = self._reply(request, request.seconds)
        if answer is None:
            raise TypeError("a question is answered with an Answer, it was answered with nothing")
        return answer

    def warm_up(self) -> None:
        """Wait until the model is loaded; raises as `ask` does."""
        self._reply(None, _START)

    def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def _reply(self, request: SearchRequest | None, seconds: float) -> Answer | None:
        start = monotonic()
        try:
            reply = self._exchange(request, seconds + _GRACE)
        except (EOFError, OSError) as error:
            self.end()
            if monotonic() - start >= seconds:
                raise _overdue(seconds) from error
            raise WorkerEndedError(
                "a search has a process, this one's has ended: see the log and the memory"
            ) from error
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _exchange(self, request: SearchRequest | None, seconds: float) -> Answer | Exception | None:
        """Send and receive; EOFError or OSError where there is no reply within `seconds`."""
        self._connection.send(request)
        if not self._connection.poll(seconds):
            raise TimeoutError
        reply: Answer | Exception | None = self._connection.recv()
        return reply


def _overdue(seconds: float) -> UnavailableError:
    return UnavailableError(f"a search has {seconds:g} s, this one took longer: its process was ended")
