"""
Store updates before they are confirmed, and process them in order within a chat.

`Inbox` replaces PTB's queue, because PTB confirms an update to the server as soon as it is in that queue;
`UpdateProcessor` decides when each is handled and when it counts as answered.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from telegram import Bot, Chat, TelegramObject, Update, User
from telegram.error import TelegramError
from telegram.ext import BaseUpdateProcessor

from bot.errors import StateUnavailableError, StateUnreachableError
from bot.storage.state import BotState
from bot.transport.redelivery import Redelivery
from bot.transport.topic import enter_topic

_LOGGER = logging.getLogger(__name__)
_ACROSS = 256  # chats that are answered at the same time
WAITING = 30  # updates that one user may have waiting; a flood beyond it is refused, with one message
_TRIES = 5  # an update that crashed the process this often is not retried
_ANY = 1_000_000  # PTB's own limit applies before chats are ordered, so it must never be reached
_KINDS = ("message", "edited_message", "callback_query")
_INLINE_KIND = "inline_query"  # only if the operator enables it


class Inbox(asyncio.Queue[object]):
    """
    PTB's queue; each update enters it once, after the state has stored it.

    Inline queries are not stored: after a restart nobody waits for their answers.

    Args:
        inline: whether inline queries are accepted.
        stored: called when an update was stored.
        not_stored: called with one that could not be.
    """

    def __init__(
        self,
        state: BotState,
        *,
        inline: bool = False,
        stored: Callable[[], None] = lambda: None,
        not_stored: Callable[[Update], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._state = state
        self._stored = stored
        self._not_stored = not_stored
        self._inline = inline
        self.accepted = 0  # updates stored since the start

    @property
    def update_kinds(self) -> list[str]:
        """The kinds of updates to ask the server for."""
        return [*_KINDS, _INLINE_KIND] if self._inline else [*_KINDS]

    async def put(self, item: object) -> None:
        """
        Accept an update if it is new and from a person; PTB's own signals pass.

        Raises:
            TelegramError: it could not be stored. PTB then does not confirm it and fetches it again.
        """
        if not isinstance(item, Update):
            await super().put(item)
        elif self._accepts(item):
            await (super().put(item) if item.inline_query else self._pass_on(item))
        # A poll brings up to a hundred, each of which is written to the disk: others have their turn in between.
        await asyncio.sleep(0)

    def _accepts(self, update: Update) -> bool:
        if update.inline_query:
            return self._inline and is_from_person(update)
        new = is_from_person(update) and self._store(update)
        self.accepted += new
        return new

    def _store(self, update: Update) -> bool:
        try:
            new = self._accept(update)
        except StateUnavailableError as error:
            _LOGGER.exception("update %d could not be written down: see the state's disk", update.update_id)
            self._not_stored(update)
            raise TelegramError("an update is written down before it is confirmed, this one could not be") from error
        except (TypeError, ValueError, OverflowError):  # it can never be stored, and must not end PTB's loop
            _LOGGER.exception("update %d cannot be written down: not answered", update.update_id)
            return False
        self._stored()
        return new

    def _accept(self, update: Update) -> bool:
        """Write an update down; returns whether it is new."""
        return self._state.accept(update.update_id, payload_of(update))

    async def _pass_on(self, update: Update) -> None:
        """Have a stored update handled."""
        await super().put(update)

    async def run(self, bot: Bot) -> None:
        """Nothing is shared: what is stored is queued at once."""

    def close(self) -> None:
        """Nothing is held: what is pending waits for the next start."""

    async def recall(self, bot: Bot) -> int:
        """Queue the updates left unanswered by the previous run; returns how many."""
        recalled = 0
        for update_id, payload in self._state.pending():
            update = read_back(update_id, payload, bot)
            if update is None:
                self._state.mark_answered(update_id)
            else:
                await super().put(update)
                recalled += 1
        return recalled


class UpdateProcessor(BaseUpdateProcessor):
    """
    Processes updates in order within a chat and in parallel across chats.

    An update counts as answered when its handler has finished and its answer is delivered.

    Args:
        refuse: tells a user, once, that too many of their updates are waiting.
        redelivery: retries undelivered answers.
        settle: called with the id of an update that is answered; by default, the state is told.
        leave: called with the id of each that is handled no longer.
    """

    def __init__(
        self,
        state: BotState,
        refuse: Callable[[Update], Awaitable[None]],
        redelivery: Redelivery,
        *,
        settle: Callable[[int], None] | None = None,
        leave: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__(_ANY)
        self._settle = settle or state.mark_answered
        self._end = leave
        self._state = state
        self._refuse = refuse
        self._redelivery = redelivery
        self._across = asyncio.Semaphore(_ACROSS)
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}  # chat -> its lock, and how many updates use or await it
        self._flood: Counter[int] = Counter()  # user -> how many of their updates are unfinished
        self.handled = 0  # updates being handled now

    @property
    def waiting(self) -> int:
        """The number of updates being handled or waiting for their turn."""
        return sum(wanted for _, wanted in tuple(self._turns.values()))  # a copy: the metrics thread reads this too

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update in its turn."""
        if not isinstance(update, Update) or update.inline_query:  # inline queries belong to no chat
            await coroutine
            return
        enter_topic(update)
        user = update.effective_user.id if update.effective_user else 0
        if self._flood[user] >= WAITING:
            _close(coroutine)
            self._settle(update.update_id)
            self._end(update.update_id)
            if self._flood[user] == WAITING:
                self._flood[user] += 1  # further updates are dropped silently
                await self._refuse(update)
            return
        self._flood[user] += 1
        chat = chat_of(update)
        lock, wanted = self._turns.get(chat, (asyncio.Lock(), 0))
        self._turns[chat] = (lock, wanted + 1)
        try:
            await self._handle(update, coroutine, lock)
        except StateUnreachableError as error:  # it stays pending
            _LOGGER.warning("update %d: %s", update.update_id, error, extra={"update": update.update_id})
            self._redelivery.dismiss(update.update_id)
        finally:
            _close(coroutine)
            self._leave(chat, user)
            self._end(update.update_id)

    async def _handle(self, update: Update, coroutine: Awaitable[Any], lock: asyncio.Lock) -> None:
        async with lock:
            async with self._across:
                if self._state.count_attempt(update.update_id) > _TRIES:
                    _LOGGER.error(
                        "update %d was begun %d times without an end: given up",
                        update.update_id,
                        _TRIES,
                        extra={"update": update.update_id},
                    )
                else:
                    await self._run(update, coroutine)
            if await self._redelivery.ensure_delivered(update, self._across):
                self._settle(update.update_id)

    async def _run(self, update: Update, coroutine: Awaitable[Any]) -> None:
        if self._state.is_settled(update.update_id):  # erased while it waited for its turn
            return
        self.handled += 1
        try:
            await coroutine
        finally:
            self.handled -= 1

    def _leave(self, chat: int, user: int) -> None:
        lock, wanted = self._turns.pop(chat)
        if wanted > 1:
            self._turns[chat] = (lock, wanted - 1)
        self._flood[user] = min(self._flood[user], WAITING) - 1
        if not self._flood[user]:
            del self._flood[user]


def is_from_person(update: Update) -> bool:
    """
    Whether an update is a person's own message, edit, press or inline query.

    Channel posts and messages by or via bots are not.
    """
    user, message = update.effective_user, update.message or update.edited_message
    if user is None or user.is_bot or not (message or update.callback_query or update.inline_query):
        return False
    return _is_sound(update, user) and (message is None or (message.via_bot is None and message.sender_chat is None))


def _is_sound(update: Update, user: User) -> bool:
    """
    Whether the fields that handlers rely on have the Bot API's types and ranges.

    PTB does not check them, and SQLite does not take every integer as an id.
    """
    message, query, typed = update.message or update.edited_message, update.callback_query, update.inline_query
    place = message or (query and query.message)
    replied = getattr(place, "reply_to_message", None)  # which an inaccessible message does not have
    chats = [place.chat] if place else []
    numbers = [each.message_id for each in (place, replied) if each]
    names = (user.first_name, user.last_name, user.language_code)
    texts = (message and message.text, query and query.data)
    return (
        # Bot API, "Update": at most one of its parts is present.
        sum(getattr(update, kind) is not None for kind in Update.ALL_TYPES) == 1
        and all(isinstance(chat, Chat) for chat in chats)
        # Bot API, "User", "Chat": at most 52 significant bits; a group's id is negative.
        and all(type(each) is int and abs(each) < 1 << 52 for each in (user.id, *(chat.id for chat in chats)))
        and user.id > 0
        and all(type(each) is int for each in numbers)
        and all(isinstance(each, str | None) for each in (*names, *texts))
        and (typed is None or isinstance(typed.query, str))
    )


def payload_of(received: TelegramObject) -> str:
    """An update, or a part of one, as it is stored."""
    return json.dumps(received.to_dict(), default=_encode_date)


def read_back(update_id: int, payload: str | None, bot: Bot) -> Update | None:
    """A stored update, None if it cannot be read."""
    try:
        return Update.de_json(json.loads(payload or ""), bot)
    except Exception:  # whatever another version of PTB makes of it, the others are answered
        _LOGGER.exception("update %d of before cannot be read back: not answered", update_id)
        return None


def _encode_date(value: object) -> object:
    """Encode dates that PTB leaves in nested messages as the Bot API's seconds."""
    if isinstance(value, datetime):
        return int(value.timestamp())
    raise TypeError(f"an update holds JSON and dates, found {type(value).__name__}")


def chat_of(update: Update) -> int:
    """The chat whose order an update keeps."""
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0


def _close(coroutine: Awaitable[Any]) -> None:
    """Close a coroutine that may not have started, so that Python does not warn."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
