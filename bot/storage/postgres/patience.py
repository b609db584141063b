"""
Ends statements that wait for too long, as a commit does whose standby is gone.

PostgreSQL would let it wait for ever, and with it the whole bot. What was committed stays so, on the primary alone.
A server that hangs, as on a disk that does not answer, ends no statement either: its connection is cut.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg

from bot.errors import StateUnreachableError

SECONDS: Final = 5.0
_LOOK: Final = 0.25  # seconds between looks
_GRACE: Final = 2.0  # seconds in which the server ends a statement when told to


class Patience:
    """Watches the statements of one thread, from a thread of its own."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: psycopg.Connection[Any] | None = None
        self._deadline = 0.0
        self._is_over = False
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="patience", daemon=True).start()

    @contextmanager
    def limited(self, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """
        Run statements for at most some seconds.

        Raises:
            StateUnreachableError: they took longer; what they changed may be committed.
        """
        with self._lock:
            self._watched, self._deadline = connection, time.monotonic() + self._seconds
            self._is_over = False
        try:
            yield
        finally:
            with self._lock:
                self._watched = None
        if self._is_over:
            raise StateUnreachableError(
                "commits wait for a standby of synchronous_standby_names, none confirmed within "
                f"{self._seconds:g} s: start one, or take it out of that setting of the server"
            )

    def close(self) -> None:
        """End the thread."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            with self._lock:  # held while it is ended, so that no later statement is
                if self._watched is not None and time.monotonic() > self._deadline:
                    self._end(self._watched)

    def _end(self, connection: psycopg.Connection[Any]) -> None:
        """Cancel a statement; cut its connection where that ended nothing."""
        if self._is_over:
            self._watched = None
            _cut(connection)
            return
        self._is_over, self._deadline = True, time.monotonic() + _GRACE
        with suppress(psycopg.Error):
            connection.cancel_safe(timeout=1.0)


def _cut(connection: psycopg.Connection[Any]) -> None:
    """Let the thread that reads from a connection find it closed."""
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
