"""
Grant access to the author of a message that an administrator forwards.

The button carries the person's id and name, so nothing has to be stored. Format: p:user id:name.
"""

from __future__ import annotations

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.ext import ContextTypes, filters

from bot.access import Access
from bot.administration.grants import NAME, grant
from bot.messages.admin_texts import AdminTexts
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.storage.state import Person
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^p:\d{1,18}:"
_DATA = 64  # bytes: Bot API, "InlineKeyboardButton"


class ForwardedPersonFilter(filters.MessageFilter):
    """Messages forwarded by an administrator in private whose author has no access or is hidden."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access

    def filter(self, message: Message) -> bool:
        """Whether a message is one; a forwarded document is an upload instead."""
        origin = message.forward_origin
        if message.document or message.contact or not self._access.is_admin_chat(message.chat, message.from_user):
            return False
        if isinstance(origin, MessageOriginUser):
            user = origin.sender_user
            return not user.is_bot and self._access.role(user.id) is None
        return isinstance(origin, MessageOriginHiddenUser)


class ForwardedPeople:
    """Handles such messages and the button that grants access."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether to grant access to the author."""
        message, texts = update.message, texts_of(update).administration
        if message is None:
            return
        if not isinstance(message.forward_origin, MessageOriginUser):
            await send(context.bot, message.chat.id, escape(texts.sender_hidden), to=message.message_id)
            return
        user = message.forward_origin.sender_user
        question = texts.grant_prompt.format(name=truncate(user.full_name, NAME), user=user.id)
        keyboard = grant_keyboard(user.id, user.full_name, texts)
        await send(context.bot, message.chat.id, escape(question), to=message.message_id, keyboard=keyboard)

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Grant access to the person on the button."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        _, number, name = data.split(":", 2)
        person = Person(int(number), "staff", name)
        text = await grant(self._access, context.bot, person, query.from_user.id, texts)
        await answer_callback_query(query)
        await edit(context.bot, message, escape(text), None)


def grant_keyboard(user: int, name: str, texts: AdminTexts) -> InlineKeyboardMarkup:
    """The button that gives somebody access under this name."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(texts.grant, callback_data=_data(user, name))]])


def _data(user: int, name: str) -> str:
    data = f"p:{user}:{' '.join(name.split())}"
    return data.encode()[:_DATA].decode(errors="ignore")
