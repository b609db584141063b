"""
A message to everybody with access: confirmed, sent in the background, reported on.

Format of the buttons: bc:y or bc:n:number of the draft.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import StateUnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate, utf16_length
from bot.messages.vi import VI
from bot.storage.broadcasts import Broadcast, Broadcasts
from bot.storage.names import Names
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^bc:[yn]:\d{1,15}\Z"
RETRY = 60.0  # seconds after a network failure
_LONGEST = 3500  # UTF-16 units, which leaves room for the head and the question
_NAMED = 30  # people whom a report names
_NAME = 60  # UTF-16 units
_LOGGER = logging.getLogger(__name__)


class BroadcastSender:
    """
    Handles /thongbao and its buttons, and sends what was confirmed.

    Args:
        retry: seconds after a network failure.
    """

    def __init__(self, state: BotState, access: Access, *, retry: float = RETRY) -> None:
        self._broadcasts = Broadcasts(state)
        self._state = state
        self._names = Names(state)
        self._access = access
        self._retry = retry
        self._wanted = asyncio.Event()

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/thongbao text`: show the message and how many would receive it."""
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None or not await self._access.require_admin(update, context):
            return
        words, by = texts.broadcast, message.from_user.id
        _, *rest = (message.text or "").split(maxsplit=1)
        text = rest[0].strip() if rest else ""
        if not text or utf16_length(text) > _LONGEST:
            await send(context.bot, message.chat.id, escape(words.usage.format(most=_LONGEST)))
            return
        number = self._broadcasts.draft(text, by)
        question = escape(words.question.format(count=len(self._recipients(by))))
        buttons = [(words.send, "y"), (words.cancel, "n")]
        row = [InlineKeyboardButton(label, callback_data=f"bc:{verb}:{number}") for label, verb in buttons]
        html = f"{_message_html(text)}\n\n{question}"
        await send(context.bot, message.chat.id, html, keyboard=InlineKeyboardMarkup([row]))

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send or cancel a message, once."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        _, verb, number = data.split(":")
        recipients = self._recipients(query.from_user.id)
        if verb == "n":
            text = texts.broadcast.cancelled if self._broadcasts.cancel(int(number)) else ""
        else:
            begun = self._broadcasts.confirm(int(number), recipients)
            text = texts.broadcast.sending.format(count=len(recipients)) if begun else ""
        if not text:
            await answer_callback_query(query, texts.broadcast.decided, alert=True)
            return
        if verb == "y":
            self._state.log_action(query.from_user.id, "broadcast")
            self._wanted.set()
        await edit(context.bot, message, escape(text), None)
        await answer_callback_query(query)

    def wake(self) -> None:
        """Look for confirmed messages: another process may have been told of one."""
        self._wanted.set()

    async def run(self, bot: Bot) -> None:
        """Send confirmed messages for ever, those of before the start first."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                for broadcast in self._broadcasts.unfinished():
                    await self._send(bot, broadcast)
            except (TelegramError, StateUnavailableError) as error:
                _LOGGER.warning("a broadcast is continued later (%s)", type(error).__name__)
                self._wanted.set()
                await asyncio.sleep(self._retry)

    async def _send(self, bot: Bot, broadcast: Broadcast) -> None:
        html = _message_html(broadcast.text)
        while (user_id := self._broadcasts.next_recipient(broadcast.number)) is not None:
            if self._access.role(user_id) is None:  # removed meanwhile
                self._broadcasts.mark(broadcast.number, user_id, "unreachable")
                continue
            if not self._broadcasts.take(broadcast.number, user_id):
                continue
            try:
                await send(bot, user_id, html)
            except (BadRequest, Forbidden):
                self._broadcasts.mark(broadcast.number, user_id, "unreachable")
            except TelegramError:  # the network: tried again later, as answers are
                self._broadcasts.mark(broadcast.number, user_id, "waiting")
                raise
            else:
                self._broadcasts.mark(broadcast.number, user_id, "sent")
        if self._broadcasts.finish(broadcast.number):
            await send(bot, broadcast.by, escape(self._report(broadcast.number)))

    def _report(self, number: int) -> str:
        """Who received a message, and who did not."""
        words = VI.broadcast
        sent, unreachable, unknown = (
            self._broadcasts.recipients(number, outcome) for outcome in ("sent", "unreachable", "sending")
        )
        count = len(sent) + len(unreachable) + len(unknown)
        lines = [words.report.format(sent=len(sent), count=count)]
        for head, people in ((words.unreachable, unreachable), (words.unknown, unknown)):
            if people:
                named = [f"• {truncate(self._names.label(each), _NAME)}" for each in people[:_NAMED]]
                more = [f"… (+{len(people) - _NAMED})"] if len(people) > _NAMED else []
                lines += [head.format(count=len(people)), *named, *more]
        return "\n".join(lines)

    def _recipients(self, sender: int) -> list[int]:
        """Everybody with access but the sender."""
        everybody = self._access.fixed | {person.user_id for person in self._state.people()}
        return sorted(everybody - {sender})


def _message_html(text: str) -> str:
    return f"<b>{escape(VI.broadcast.head)}</b>\n\n{escape(text)}"
