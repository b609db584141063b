"""
Incidents: failures are logged under a code, and a chat sees only the code.
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

from bot.errors import OutdatedIndexError, StateUnreachableError, UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.messages.vi import VI
from bot.operations.notices import Notices
from bot.transport.delivery import send

_LOGGER = logging.getLogger(__name__)
_ALARM = 3600.0  # seconds between alarms to the administrators


class Incidents:
    """
    Logs failures and reports them to chats.

    Args:
        admins: whom to alarm, called for each alarm.
        undelivered: called with the id of an update whose answer did not reach the server, to retry it.
        notices: tells of troubles that last.
    """

    def __init__(
        self,
        admins: Callable[[], Iterable[int]],
        undelivered: Callable[[int], None],
        notices: Notices,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._admins = admins
        self._undelivered = undelivered
        self.notices = notices
        self._now = now
        self._alarmed = float("-inf")
        self.count = 0
        self.last = ""  # the code of the newest one

    def record(self, error: BaseException, doing: str, update: int | None = None) -> str:
        """Log an error with its traceback; returns the code to find it by."""
        code = self.last = secrets.token_hex(3).upper()
        self.count += 1
        _LOGGER.error("incident %s while %s", code, doing, exc_info=error, extra={"incident": code, "update": update})
        return code

    async def alarm(self, bot: Bot, code: str, error: UnavailableError) -> None:
        """Tell every administrator that search is down, at most once an hour."""
        if self._now() - self._alarmed < _ALARM:
            return
        self._alarmed = self._now()
        text = VI.outdated_index if isinstance(error, OutdatedIndexError) else VI.index_fault
        for admin in self._admins():
            with suppress(TelegramError):  # a bot cannot write first
                await send(bot, admin, escape(text.format(code=code)))

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        PTB's error handler: log the error, then send one message.

        Raises:
            ApplicationHandlerStop: always. Without it PTB would run the next handler group after a failed gate.
        """
        try:
            await self._report(update, context)
        except Exception:
            _LOGGER.exception("a failure could not be reported")
        raise ApplicationHandlerStop

    async def _report(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
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
        if isinstance(error, StateUnreachableError):
            _LOGGER.warning("update %d: %s", number, error, extra={"update": number})
            self._undelivered(number)
            return
        code = self.record(error, f"handling update {number}", number)
        if update.effective_chat:
            with suppress(TelegramError):
                await send(context.bot, update.effective_chat.id, escape(texts_of(update).error.format(code=code)))
