"""
The rate limiter: paces requests, and retries those that may succeed later.

PTB's own AIORateLimiter sends ten messages to one chat at once, pauses every chat for one chat's 429 and does not
retry (measured on 22.8); here only the chat concerned waits. Limits: Bot FAQ, "My bot is hitting limits".
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.errors import StateUnavailableError

ApiResult = bool | dict[str, Any] | list[dict[str, Any]]
ApiCall = Callable[..., Coroutine[Any, Any, ApiResult]]

_CHAT = (3, 3.0)  # one a second, three at once
_GROUP = (20, 60.0)
_OVERALL = (25, 1.0)
BACK_OFF = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)  # seconds before each retry
_PAUSES = 5  # 429 responses that one request waits for
_PACED = ("send", "edit", "copy", "forward")
_FLEETING = frozenset({"sendChatAction", "answerCallbackQuery", "answerInlineQuery"})  # useless when late
_BOT = "bot"  # the place that stands for all chats together
_IDLE = 60.0
_CHATS = 1_000  # kept before idle ones are dropped


class SlidingWindow:
    """Allows at most `count` requests in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=count)

    def earliest(self, now: float) -> float:
        """The earliest time for the next request."""
        full = len(self._times) == self._times.maxlen
        return max(now, self._times[0] + self._seconds) if full else now

    def take(self, at: float) -> None:
        """Record a request sent at this time."""
        self._times.append(at)

    def idle(self, now: float) -> bool:
        """Whether all recorded requests are too old to matter."""
        return not self._times or self._times[-1] + max(self._seconds, _IDLE) < now


class SendQueue:
    """A queue of requests; each is sent when all of its windows allow it."""

    def __init__(self, *windows: SlidingWindow) -> None:
        self.windows = windows
        self.lock = asyncio.Lock()

    def earliest(self, now: float) -> float:
        """The earliest time for the next request."""
        return max(window.earliest(now) for window in self.windows)

    def take(self, at: float) -> None:
        """Record a request sent at this time."""
        for window in self.windows:
            window.take(at)

    def idle(self, now: float) -> bool:
        """Whether the queue is empty and its windows idle."""
        return not self.lock.locked() and all(window.idle(now) for window in self.windows)


class Pacing(Protocol):
    """Turns that several processes share."""

    def take(self, place: str, windows: Sequence[tuple[int, float]]) -> float:
        """Take a turn if all windows allow it; returns 0.0, or the seconds to wait."""

    def pause(self, place: str, seconds: float) -> None:
        """Let nobody send to a place for some seconds."""


@dataclass(slots=True)
class SendCounters:
    """Counts of requests since the start."""

    sent: int = 0
    paused: int = 0  # 429
    retried: int = 0  # 5xx, timeouts, lost connections
    failed: int = 0


class RateLimiter(BaseRateLimiter[None]):
    """
    Paces each chat and the whole bot, and retries requests that may succeed later.

    Args:
        now: a monotonic clock in seconds.
        sleep: waits for seconds of that clock.
        back_off: seconds before each retry.
        shared: what other processes of the bot have sent; None where there are none.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        back_off: Sequence[float] = BACK_OFF,
        shared: Pacing | None = None,
    ) -> None:
        self._shared = shared
        self.counters = SendCounters()
        self._back_off = back_off
        self._now = now
        self._sleep = sleep
        self._overall = SendQueue(SlidingWindow(*_OVERALL))
        self._chats: dict[object, SendQueue] = {}
        self._paused: dict[object, float] = {}  # chat -> end of its pause

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def process_request(
        self,
        callback: ApiCall,
        args: Any,  # noqa: ANN401 - the type is PTB's
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the signature is PTB's
    ) -> ApiResult:
        """Send a request in its turn; raises the error of the last try."""
        chat = data.get("chat_id")
        fleeting = endpoint in _FLEETING
        paced = chat is not None and endpoint.startswith(_PACED) and not fleeting
        tries = pauses = 0
        while True:
            if paced:
                await self._turn(chat)
            try:
                result = await callback(*args, **kwargs)
            except RetryAfter as error:
                self.counters.paused += 1
                pauses += 1
                pause = _seconds(error)
                self._paused[chat] = max(self._paused.get(chat, 0.0), self._now() + pause)
                if self._shared is not None and chat is not None:
                    with suppress(StateUnavailableError):
                        self._shared.pause(str(chat), pause)
                if fleeting or pauses > _PAUSES:
                    self.counters.failed += 1
                    raise
                if not paced:
                    await self._sleep(pause)
            except NetworkError as error:
                if isinstance(error, BadRequest) or fleeting or tries == len(self._back_off):
                    self.counters.failed += 1
                    raise
                self.counters.retried += 1
                await self._sleep(self._back_off[tries])
                tries += 1
            else:
                self.counters.sent += 1
                return result

    async def _turn(self, chat: object) -> None:
        """
        Wait for the chat's turn, then for the bot's.

        In that order: a flooded chat must not fill the queue shared by all chats.
        """
        queue = self._queue(chat)
        async with queue.lock:
            await self._until(lambda: max(queue.earliest(self._now()), self._paused.get(chat, 0.0)))
            await self._share(str(chat), _windows(chat))
            async with self._overall.lock:
                await self._until(lambda: self._overall.earliest(self._now()))
                await self._share(_BOT, (_OVERALL,))
                self._overall.take(self._now())
            queue.take(self._now())

    async def _share(self, place: str, windows: Sequence[tuple[int, float]]) -> None:
        """Wait until all processes together may send, while the state answers."""
        with suppress(StateUnavailableError):
            while self._shared is not None and (left := self._shared.take(place, windows)) > 0:
                await self._sleep(left)

    async def _until(self, at: Callable[[], float]) -> None:
        """Wait until a time that may be postponed meanwhile."""
        while (left := at() - self._now()) > 0:
            await self._sleep(left)

    def _queue(self, chat: object) -> SendQueue:
        if len(self._chats) > _CHATS:
            now = self._now()
            self._chats = {c: queue for c, queue in self._chats.items() if not queue.idle(now)}
            self._paused = {c: until for c, until in self._paused.items() if until > now}
        if chat not in self._chats:
            self._chats[chat] = SendQueue(*(SlidingWindow(*window) for window in _windows(chat)))
        return self._chats[chat]


def _windows(chat: object) -> Sequence[tuple[int, float]]:
    """What a chat allows; groups have negative ids."""
    return (_CHAT, _GROUP) if str(chat).startswith(("-", "@")) else (_CHAT,)


def _seconds(error: RetryAfter) -> float:
    given = error.retry_after
    return float(given) if isinstance(given, int) else given.total_seconds()
