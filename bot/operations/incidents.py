"""
Incidents: what went wrong goes to the log under a code, and only the code goes to a chat.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.errors import OutdatedIndexError, UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.messages.vi import VI
from bot.transport.delivery import send

_LOGGER = logging.getLogger(__name__)
_ALARM = 3600.0  # seconds between two alarms to the administrators


class Incidents:
    """
    Logs failures and says that there was one.

    Args:
        admins: whom to alarm, asked anew each time.
        undelivered: called with the id of an update whose answer did not reach the server, so that it is tried again.
    """

    def __init__(
        self,
        admins: Callable[[], Iterable[int]],
        undelivered: Callable[[int], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._admins = admins
        self._undelivered = undelivered
        self._now = now
        self._alarmed = float("-inf")
        self.count = 0
        self.last = ""  # the code of the newest one

    def record(self, error: BaseException, doing: str, update: int | None = None) -> str:
        """Logs an error with its traceback; the code to find it by."""
        code = self.last = secrets.token_hex(3).upper()
        self.count += 1
        _LOGGER.error("incident %s while %s", code, doing, exc_info=error, extra={"incident": code, "update": update})
        return code

    async def alarm(self, bot: Bot, code: str, error: UnavailableError) -> None:
        """Tells every administrator that the documents cannot be searched, not more than once an hour."""
        if self._now() - self._alarmed < _ALARM:
            return
        self._alarmed = self._now()
        said = VI.outdated_index if isinstance(error, OutdatedIndexError) else VI.index_fault
        for admin in self._admins():
            with suppress(TelegramError):  # one who never wrote to the bot cannot be written to
                await send(bot, admin, escape(said.format(code=code)))

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        PTB's error handler: first the log, then one sentence.

        Raises:
            ApplicationHandlerStop: always. Without it PTB goes on to the next group of handlers, past a failed gate.
        """
        try:
            await self._told(update, context)
        except Exception:
            _LOGGER.exception("a failure could not be reported")
        raise ApplicationHandlerStop

    async def _told(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if error is None or not isinstance(update, Update):
            _LOGGER.error("a failure outside of any update", exc_info=error)
            return
        number = update.update_id
        if isinstance(error, Forbidden):
            _LOGGER.info("update %d: the chat does not take messages from the bot", number, extra={"update": number})
            return
        if isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest):
            _LOGGER.warning("update %d: not delivered (%s)", number, type(error).__name__, extra={"update": number})
            self._undelivered(number)
            return
        code = self.record(error, f"handling update {number}", number)
        if update.effective_chat:
            with suppress(TelegramError):
                await send(context.bot, update.effective_chat.id, escape(texts_of(update).error.format(code=code)))
