"""
Retry answers that did not reach the server, at growing intervals.

The rate limiter alone bridges a minute and a half, holding one request. After longer outages the update is handled
again from the start. While it waits it keeps its turn in its chat, so nothing overtakes it, but delays no other chat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Update

from bot.transport.rate_limiter import BACK_OFF

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetryDelays:
    """Seconds to wait before each retry; their number limits the retries."""

    back_off: tuple[float, ...] = BACK_OFF  # one request
    pauses: tuple[float, ...] = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 1800.0)  # one answer


RETRY_DELAYS = RetryDelays()


class Redelivery:
    """
    Undelivered answers and their retries.

    Args:
        handle: handles an update from the start.
        is_pending: whether an update is still to be answered; its reader may have erased it.
        pauses: seconds before each retry; after the last, the update waits for the next start.
    """

    def __init__(
        self,
        handle: Callable[[Update], Awaitable[object]],
        is_pending: Callable[[int], bool],
        pauses: tuple[float, ...],
    ) -> None:
        self._handle = handle
        self._is_pending = is_pending
        self._pauses = pauses
        self._failed: set[int] = set()
        self._ending = asyncio.Event()
        self._erased = asyncio.Event()
        self.waiting = 0  # answers waiting for a retry

    def record_failure(self, update_id: int) -> None:
        """Note that the answer to an update did not reach the server."""
        self._failed.add(update_id)

    def dismiss(self, update_id: int) -> None:
        """Forget a failure: the update is handled here no longer."""
        self._failed.discard(update_id)

    def end(self) -> None:
        """Stop retrying: waiting updates are left for the next start."""
        self._ending.set()
        self.drop_erased()

    def drop_erased(self) -> None:
        """Let go of waiting updates that were erased."""
        self._erased.set()
        self._erased = asyncio.Event()

    async def ensure_delivered(self, update: Update, places: asyncio.Semaphore) -> bool:
        """
        Whether a handled update's answer is delivered, after retries if necessary.

        A place in `places` is held while the update is handled again, not while it waits.
        """
        for pause in self._pauses:
            if update.update_id not in self._failed or not await self._wait(update.update_id, pause):
                break
            self._failed.discard(update.update_id)
            _LOGGER.info("update %d: tried again", update.update_id, extra={"update": update.update_id})
            async with places:
                await self._handle(update)
        delivered = update.update_id not in self._failed
        self._failed.discard(update.update_id)
        return delivered

    async def _wait(self, update_id: int, pause: float) -> bool:
        """Wait; False if the bot stops meanwhile, or the update is erased."""
        self.waiting += 1
        try:
            async with asyncio.timeout(pause):
                while self._is_pending(update_id) and not self._ending.is_set():
                    await self._erased.wait()
        except TimeoutError:
            return self._is_pending(update_id)
        finally:
            self.waiting -= 1
        return False
