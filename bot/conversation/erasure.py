"""
Erasure: /quenlai deletes a reader's own data after a confirmation.
"""

from __future__ import annotations

from collections.abc import Callable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import KeyboardButtonStyle
from telegram.ext import ContextTypes

from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.storage.retention import Retention
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^f:(yes|no)\Z"


class Erasure:
    """
    Handles /quenlai and its two buttons.

    Args:
        forget: drops what is held about a user outside the state file.
    """

    def __init__(self, retention: Retention, forget: Callable[[int], None]) -> None:
        self._retention = retention
        self._forget = forget

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/quenlai`: say what would be deleted and what stays, and ask for confirmation."""
        message, texts = update.message, texts_of(update)
        if message is None:
            return
        if message.chat.type != "private":  # in a group anybody could press the button
            await send(context.bot, message.chat.id, escape(texts.private_only), to=message.message_id)
            return
        erase = InlineKeyboardButton(texts.erasure_yes, callback_data="f:yes", style=KeyboardButtonStyle.DANGER)
        keyboard = InlineKeyboardMarkup([[erase], [InlineKeyboardButton(texts.erasure_no, callback_data="f:no")]])
        await send(context.bot, message.chat.id, escape(texts.erasure_prompt), keyboard=keyboard)

    async def decide(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Erase or cancel, as the pressed button says, and report which."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.message is None:
            return
        if query.data == "f:yes":
            gone = self._retention.erase(query.from_user.id)
            self._forget(query.from_user.id)
            text = texts.erasure_done.format(questions=gone.questions, answers=gone.answers, ratings=gone.ratings)
        else:
            text = texts.erasure_cancelled
        await answer_callback_query(query)
        await edit(context.bot, query.message, escape(text), None)
