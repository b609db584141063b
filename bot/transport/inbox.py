"""
Updates, from the server to their handlers: written down before they are confirmed, in order within a chat.

`Inbox` stands before PTB's queue, because PTB confirms an update to the server as soon as it is in that queue;
`Updates` decides when each is handled and when it counts as answered.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from telegram import Bot, Chat, Update, User
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.storage.state import StateFile
from bot.transport.redelivery import Redelivery

_LOGGER = logging.getLogger(__name__)
_ACROSS = 256  # chats that are answered at a time
_WAITING = 30  # updates that one user may have waiting; a flood beyond it is refused, in one sentence
_TRIES = 5  # a question that ended the program so often is not tried again
_ANY = 1_000_000  # PTB's own limit stands before the order of a chat is known, so it must never be reached
_HEARD = ("message", "callback_query")
_TYPED = "inline_query"  # heard where the operator wants it


class Inbox(asyncio.Queue[object]):
    """
    PTB's queue of updates, which each enters after it is written to the state file, and never twice.

    Inline queries are never written down: after a restart nobody waits for their answers.

    Args:
        inline: whether inline queries are heard.
    """

    def __init__(self, state: StateFile, *, inline: bool = False) -> None:
        super().__init__()
        self._state = state
        self._inline = inline
        self.accepted = 0  # updates written down since the start

    @property
    def wanted(self) -> list[str]:
        """The kinds of updates that the server is to send."""
        return [*_HEARD, _TYPED] if self._inline else [*_HEARD]

    async def put(self, item: object) -> None:
        """
        Accepts what is heard and new; PTB's own signals pass.

        Raises:
            TelegramError: it could not be written down. PTB then does not confirm it and fetches it again.
        """
        if not isinstance(item, Update) or self._accepts(item):
            await super().put(item)

    def _accepts(self, update: Update) -> bool:
        if update.inline_query:
            return self._inline and is_from_person(update)
        new = is_from_person(update) and self._written(update)
        self.accepted += new
        return new

    def _written(self, update: Update) -> bool:
        try:
            return self._state.accept(update.update_id, _payload(update))
        except sqlite3.Error as error:
            _LOGGER.exception("update %d could not be written down: see the disk of the state file", update.update_id)
            raise TelegramError("an update is written down before it is confirmed, this one could not be") from error
        except (TypeError, ValueError, OverflowError):  # it never can be; PTB's loop must not end over it
            _LOGGER.exception("update %d cannot be written down: not answered", update.update_id)
            return False

    async def recall(self, bot: Bot) -> int:
        """Takes up again what was accepted before the program ended; how many."""
        pending = self._state.pending()
        for _, payload in pending:
            await super().put(Update.de_json(json.loads(payload), bot))
        return len(pending)


class UpdateProcessor(BaseUpdateProcessor):
    """
    In order within a chat, in parallel across chats; answered is what was handled to its end.

    Args:
        refuse: tells a user, once, that too much of theirs is waiting.
        redelivery: tries again what was not delivered.
    """

    def __init__(self, state: StateFile, refuse: Callable[[Update], Awaitable[None]], redelivery: Redelivery) -> None:
        super().__init__(_ANY)
        self._state = state
        self._refuse = refuse
        self._redelivery = redelivery
        self._across = asyncio.Semaphore(_ACROSS)
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}  # chat -> its lock, and how many updates want it
        self._flood: Counter[int] = Counter()  # user -> how many of their updates are not handled yet
        self.handled = 0  # updates that are handled just now

    @property
    def waiting(self) -> int:
        """Updates that are handled now or wait for their turn."""
        return sum(wanted for _, wanted in tuple(self._turns.values()))  # a copy: another thread may ask

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handles one update in its turn."""
        if not isinstance(update, Update) or update.inline_query:  # which has no place in the order of a chat
            await coroutine
            return
        user = update.effective_user.id if update.effective_user else 0
        if self._flood[user] >= _WAITING:
            _close(coroutine)
            self._state.answered(update.update_id)
            if self._flood[user] == _WAITING:
                self._flood[user] += 1  # whatever follows is refused in silence
                await self._refuse(update)
            return
        self._flood[user] += 1
        chat = _chat_of(update)
        lock, wanted = self._turns.get(chat, (asyncio.Lock(), 0))
        self._turns[chat] = (lock, wanted + 1)
        try:
            await self._handle(update, coroutine, lock)
        finally:
            _close(coroutine)
            self._leave(chat, user)

    async def _handle(self, update: Update, coroutine: Awaitable[Any], lock: asyncio.Lock) -> None:
        async with lock:
            async with self._across:
                if self._state.attempt(update.update_id) > _TRIES:
                    _LOGGER.error(
                        "update %d was begun %d times without an end: given up",
                        update.update_id,
                        _TRIES,
                        extra={"update": update.update_id},
                    )
                else:
                    await self._counted(coroutine)
            if await self._redelivery.delivered(update, self._across):
                self._state.answered(update.update_id)

    async def _counted(self, coroutine: Awaitable[Any]) -> None:
        self.handled += 1
        try:
            await coroutine
        finally:
            self.handled -= 1

    def _leave(self, chat: int, user: int) -> None:
        lock, wanted = self._turns.pop(chat)
        if wanted > 1:
            self._turns[chat] = (lock, wanted - 1)
        self._flood[user] = min(self._flood[user], _WAITING) - 1
        if not self._flood[user]:
            del self._flood[user]


def is_from_person(update: Update) -> bool:
    """Whether an update is a person's own message, press or inline query: no edits, no channels, no bot's words."""
    user, message = update.effective_user, update.message
    if user is None or user.is_bot or not (message or update.callback_query or update.inline_query):
        return False
    return _is_sound(update, user) and (message is None or (message.via_bot is None and message.sender_chat is None))


def _is_sound(update: Update, user: User) -> bool:
    """Whether what handlers rely on is as the Bot API says, which PTB does not check; nor takes SQLite any id."""
    message, query, typed = update.message, update.callback_query, update.inline_query
    place = message or (query and query.message)
    chats = [place.chat] if place else []
    names = (user.first_name, user.last_name, user.language_code)
    texts = (message and message.text, query and query.data)
    return (
        # Bot API, "Update": at most one of its parts is present.
        sum(getattr(update, kind) is not None for kind in Update.ALL_TYPES) == 1
        and all(isinstance(chat, Chat) for chat in chats)
        # Bot API, "User", "Chat": at most 52 significant bits; a group's id is negative.
        and all(type(each) is int and abs(each) < 1 << 52 for each in (user.id, *(chat.id for chat in chats)))
        and user.id > 0
        and all(isinstance(each, str | None) for each in (*names, *texts))
        and (typed is None or isinstance(typed.query, str))
    )


def _payload(update: Update) -> str:
    return json.dumps(update.to_dict(), default=_as_sent)


def _as_sent(value: object) -> object:
    """PTB leaves some dates inside of others' messages as they are; the Bot API has them in seconds."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    raise TypeError(f"an update holds JSON and dates, found {type(value).__name__}")


def _chat_of(update: Update) -> int:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0


def _close(coroutine: Awaitable[Any]) -> None:
    """Ends a coroutine that may not have begun, so that nothing warns of it."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
