"""
Say that updates cannot be written down, once to whoever is concerned.

Telegram keeps what could not be written down and delivers it again, so nothing is lost meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from telegram import Update
from telegram.error import TelegramError

from bot.errors import StateUnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.operations.notices import Notices
from bot.transport.delivery import answer_callback_query, send


class FullDisk:
    """
    Told of each update that could, and that could not, be written down.

    Args:
        may_be_told: whether a user has access; strangers are told nothing.
    """

    def __init__(self, notices: Notices, may_be_told: Callable[[int], bool]) -> None:
        self._notices = notices
        self._may_be_told = may_be_told
        self._told: set[int] = set()  # chats, since updates could last be written down
        self._lasting = False
        self._tasks: set[asyncio.Task[None]] = set()

    def failed(self, update: Update) -> None:
        """Tell whoever sent an update that it waits; the same update comes again and again."""
        self._lasting = True
        task = asyncio.create_task(self._try_to_tell(update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def passed(self) -> None:
        """An update could be written down."""
        if self._lasting:
            self._lasting = False
            self._told.clear()
            self._notices.end("disk_full")

    async def _try_to_tell(self, update: Update) -> None:
        with suppress(StateUnavailableError):  # a database that is away knows nobody who could be told
            await self._tell(update)

    async def _tell(self, update: Update) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user and chat and chat.id not in self._told and self._may_be_told(user.id):
            self._told.add(chat.id)
            text = texts_of(update).notices.not_written_down
            if update.callback_query:
                await answer_callback_query(update.callback_query, text, alert=True)
            elif chat.type == "private":
                with suppress(TelegramError):
                    await send(update.get_bot(), chat.id, escape(text))
        await self._notices.tell(update.get_bot(), "disk_full")
