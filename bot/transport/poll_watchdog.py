"""
Watch whether the server still answers getUpdates, and how.

PTB's loop retries for ever and reports nothing, so a lost connection would look like a quiet day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram.error import Conflict, TelegramError
from telegram.request import HTTPXRequest

from bot.errors import NoResponseError, OtherInstanceError, TokenError
from bot.transport.sanitizer import sanitize_updates

_CONFLICTS = 3  # in a row: right after a restart the old process's poll may still be open
# Seconds of conflicts that a process outlives once it has polled: one that is started by mistake gives up first.
_OUTLIVED = 90.0


class PollWatchdog:
    """The results of the latest getUpdates calls."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answered = now()
        self._conflicts = 0
        self._conflicting_since: float | None = None
        self._has_polled = False
        self._refused = False

    def begin(self) -> None:
        """Note that polling begins, which may be long after the start."""
        self._answered, self._conflicts, self._conflicting_since = self._now(), 0, None

    def record_status(self, status: int) -> None:
        """Record the HTTP status of a call."""
        if status == HTTPStatus.OK:
            self._answered, self._conflicts, self._conflicting_since = self._now(), 0, None
            self._has_polled = True
        self._refused = status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}

    def record_error(self, error: TelegramError) -> None:
        """PTB's callback for a call that failed."""
        if isinstance(error, Conflict):
            self._conflicts += 1
            self._conflicting_since = self._conflicting_since or self._now()

    def check(self, silence: float) -> None:
        """
        Raise if polling will not recover by itself.

        Raises:
            TokenError, OtherInstanceError: the server says so.
            NoResponseError: no call was answered for `silence` seconds.
        """
        if self._refused:
            raise TokenError("the server must know the token, it no longer does: renew TRICHDAN_TOKEN at @BotFather")
        if self._conflicts >= _CONFLICTS and self._conflicted_for >= (_OUTLIVED if self._has_polled else 0):
            raise OtherInstanceError(
                "one process polls with a token at a time, another one does (409): stop it, or use another token"
            )
        quiet = self._now() - self._answered
        if quiet > silence:
            raise NoResponseError(
                f"getUpdates must be answered within {silence:g} s, nothing came for {quiet:.0f} s: "
                "ended so that the service manager starts anew; check the network"
            )

    @property
    def _conflicted_for(self) -> float:
        """Seconds since the first of the conflicts in a row."""
        return 0.0 if self._conflicting_since is None else self._now() - self._conflicting_since


class WatchedRequest(HTTPXRequest):
    """The getUpdates request, which reports to a PollWatchdog."""

    def __init__(
        self, watchdog: PollWatchdog, connections: int, *, seconds: float, httpx_kwargs: dict[str, Any]
    ) -> None:
        super().__init__(
            connections,
            connect_timeout=seconds,
            read_timeout=seconds,
            write_timeout=seconds,
            httpx_kwargs=httpx_kwargs,
        )
        self._watchdog = watchdog

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the types are PTB's
        """Send the request and record the status of its response."""
        status, body = await super().do_request(*args, **kwargs)
        self._watchdog.record_status(status)
        if status != HTTPStatus.OK:
            return status, body
        # A hundred long updates take a third of a second, in which the event loop would do nothing else.
        return status, await asyncio.to_thread(sanitize_updates, body)
