"""
Redelivery: an answer that did not reach the server is given again, later and later, until it does.

The limiter outlasts a minute and a half by itself, holding one request. What takes longer is begun anew here, from
the question: while it waits it keeps its turn in its chat, so that nothing overtakes it, and no other chat's.
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
    """How long is waited before something is tried again, in seconds, and so how many times."""

    back_off: tuple[float, ...] = BACK_OFF  # one request
    pauses: tuple[float, ...] = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 1800.0)  # one answer


RETRY_DELAYS = RetryDelays()


class Redelivery:
    """
    What was not delivered, and its further tries.

    Args:
        handle: answers an update from its beginning.
        is_pending: whether an update is still to be answered; whoever asked may have had the question forgotten.
        pauses: seconds before each further try; after the last the update waits for the next start of the program.
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
        self.waiting = 0  # answers that are between two tries

    def failed(self, update_id: int) -> None:
        """The answer to an update did not reach the server."""
        self._failed.add(update_id)

    def end(self) -> None:
        """No further tries: whatever waits for one waits for the next start."""
        self._ending.set()

    async def delivered(self, update: Update, places: asyncio.Semaphore) -> bool:
        """
        Whether an update that was handled has its answer, tried again as long as it has not.

        `places` are taken while it is handled and not while it waits.
        """
        for pause in self._pauses:
            if update.update_id not in self._failed or not await self._waited(pause):
                break
            if not self._is_pending(update.update_id):
                break
            self._failed.discard(update.update_id)
            _LOGGER.info("update %d: tried again", update.update_id, extra={"update": update.update_id})
            async with places:
                await self._handle(update)
        delivered = update.update_id not in self._failed
        self._failed.discard(update.update_id)
        return delivered

    async def _waited(self, pause: float) -> bool:
        """Waits; False when the program ends meanwhile."""
        self.waiting += 1
        try:
            await asyncio.wait_for(self._ending.wait(), pause)
        except TimeoutError:
            return True
        finally:
            self.waiting -= 1
        return False
