"""
Erasure: /quenlai deletes one's own data after a confirmation, or that of somebody removed.

Format of the buttons: f:yes, f:yes:user id, f:no.
"""

from __future__ import annotations

from collections.abc import Callable

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import KeyboardButtonStyle
from telegram.ext import ContextTypes

from bot.access import Access
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.messages.texts import Texts
from bot.storage.names import Names
from bot.storage.retention import Retention
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^f:(?:yes(?::\d{1,18})?|no)\Z"


class Erasure:
    """
    Handles /quenlai and its buttons.

    Args:
        forget: drops what is held about a user outside the state.
    """

    def __init__(self, retention: Retention, access: Access, state: BotState, forget: Callable[[int], None]) -> None:
        self._retention = retention
        self._access = access
        self._state = state
        self._names = Names(state)
        self._forget = forget

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/quenlai`: say what would be deleted, and ask; `/quenlai 701` asks about user 701."""
        message, texts = update.message, texts_of(update)
        if message is None:
            return
        if message.chat.type != "private":  # in a group anybody could press the button
            await send(context.bot, message.chat.id, escape(texts.private_only), to=message.message_id)
            return
        prompt, data = texts.erasure_prompt, "f:yes"
        other = self._other(message, context.args)
        if other is not None:
            person = self._names.label(other)
            if self._access.role(other):
                text = texts.access.erasure_with_access.format(person=person)
                await send(context.bot, message.chat.id, escape(text), to=message.message_id)
                return
            prompt, data = texts.access.erasure_prompt.format(person=person), f"f:yes:{other}"
        await send(context.bot, message.chat.id, escape(prompt), keyboard=_keyboard(data, texts))

    async def decide(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Erase or cancel, as the pressed button says, and report which."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.message is None or query.data is None:
            return
        if query.data == "f:no":
            text = texts.erasure_cancelled
        elif query.data == "f:yes":
            text = self._erase(query.from_user.id, texts.erasure_done)
        else:
            if await self._access.require_admin_press(update) is None:
                return
            text = self._erase_other(query, int(query.data.split(":")[2]), texts)
        await answer_callback_query(query)
        await edit(context.bot, query.message, escape(text), None)

    def _other(self, message: Message, args: list[str] | None) -> int | None:
        """The id that an administrator names; others only have themselves forgotten."""
        given = args[0] if args else ""
        is_id = given.isascii() and given.isdecimal() and len(given) <= 18
        if not is_id or message.from_user is None or int(given) == message.from_user.id:
            return None
        return int(given) if self._access.is_admin_chat(message.chat, message.from_user) else None

    def _erase_other(self, query: CallbackQuery, user_id: int, texts: Texts) -> str:
        person = self._names.label(user_id)
        if self._access.role(user_id):  # let in again meanwhile
            return texts.access.erasure_with_access.format(person=person)
        self._state.log_action(query.from_user.id, "erase", user_id)
        return self._erase(user_id, texts.access.erasure_done, person=person)

    def _erase(self, user_id: int, done: str, **names: str) -> str:
        gone = self._retention.erase(user_id)
        self._forget(user_id)
        return done.format(questions=gone.questions, answers=gone.answers, ratings=gone.ratings, **names)


def _keyboard(data: str, texts: Texts) -> InlineKeyboardMarkup:
    erase = InlineKeyboardButton(texts.erasure_yes, callback_data=data, style=KeyboardButtonStyle.DANGER)
    return InlineKeyboardMarkup([[erase], [InlineKeyboardButton(texts.erasure_no, callback_data="f:no")]])
