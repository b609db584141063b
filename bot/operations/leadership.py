"""
One process of a bot leads.

It polls or sets the webhook, expires old data, and sends what nobody asked for.

The others answer what they claim. When the leader ends, or loses the state, another one leads within seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from telegram.error import TelegramError

from bot.errors import FatalError
from bot.storage.database import LEADER, Database, Lock

_LOGGER = logging.getLogger(__name__)
_LOOK = 1.0  # seconds between looks


class Leadership:
    """
    Leads as long as this process holds the lock.

    Args:
        lead: what is entered by whoever begins to lead, and left by whoever ends.
    """

    def __init__(self, database: Database, lead: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._database = database
        self._lead = lead
        self._lock: Lock | None = None
        self._led = AsyncExitStack()
        self._failure: FatalError | None = None

    @property
    def is_leading(self) -> bool:
        """Whether this process leads."""
        return self._lock is not None

    def check(self) -> None:
        """Raise the FatalError for which this process could not lead."""
        if self._failure is not None:
            raise self._failure

    async def attempt(self) -> bool:
        """Lead, unless another process does; returns whether this one does now."""
        lock = self._database.try_lock(LEADER)
        if lock is None:
            return False
        try:
            await self._led.enter_async_context(self._lead())
        except BaseException:
            lock.release()
            raise
        self._lock = lock
        return True

    async def resign(self) -> None:
        """Lead no longer."""
        lock, self._lock = self._lock, None
        try:
            await self._led.aclose()
        finally:
            if lock is not None:
                lock.release()

    async def run(self) -> None:
        """Lead whenever nobody else does, for ever; ends with a FatalError."""
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self._look()
            except FatalError as failure:
                self._failure = failure
                return
            except TelegramError as error:
                _LOGGER.warning("the lead could not be taken (%s): tried again", type(error).__name__)

    async def _look(self) -> None:
        if self._lock is not None and not self._lock.is_held():
            _LOGGER.warning("this process leads no longer: it lost the state")
            await self.resign()
        if self._lock is None and await self.attempt():
            _LOGGER.info("this process leads now")
