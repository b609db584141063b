"""
Open and close groups for questions, from the group or from an administrator's chat.

Format of the buttons: gr:open or gr:close:chat id.
"""

from __future__ import annotations

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.messages.language import texts_for, texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^gr:(?:open|close):-\d{1,18}\Z"
_TITLE = 100  # UTF-16 units


class Groups:
    """Handles /monhom, /dongnhom, their buttons, and that the bot is added to a group."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def open(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/monhom` in a group: open it."""
        await self._command(update, context, opening=True)

    async def close(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/dongnhom` in a group: close it."""
        await self._command(update, context, opening=False)

    async def added(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask the administrator who added the bot to a group whether to open it."""
        message = update.message
        if message is None or message.from_user is None or not self._is_new(message, context.bot.id):
            return
        texts, chat = texts_for(message.from_user), message.chat
        question = texts.groups.ask_to_open.format(title=_title(chat))
        keyboard = _keyboard(chat.id, texts, opening=True)
        await send(context.bot, message.from_user.id, escape(question), keyboard=keyboard)

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Open or close the group of a button."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        _, verb, chat_id = data.split(":")
        chat = await context.bot.get_chat(int(chat_id))
        html = self._change(chat.id, chat.title or chat_id, query.from_user.id, texts, opening=verb == "open")
        await edit(context.bot, message, html, _keyboard(chat.id, texts, opening=verb == "close"))
        await answer_callback_query(query)

    async def _command(self, update: Update, context: ContextTypes.DEFAULT_TYPE, *, opening: bool) -> None:
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None:
            return
        chat, user = message.chat, message.from_user.id
        if self._access.role(user) != "admin":
            html = escape(texts.admins_only)
        elif chat.type == "private":
            html = escape(texts.groups.in_groups_only)
        else:
            html = self._change(chat.id, _title(chat), user, texts, opening=opening)
        await send(context.bot, chat.id, html, to=message.message_id)

    def _change(self, chat_id: int, title: str, by: int, texts: Texts, *, opening: bool) -> str:
        """Open or close a group; returns what to say of it."""
        words = texts.groups
        if self._access.is_fixed_group(chat_id):
            return escape(words.fixed.format(title=title))
        if not opening:
            self._access.close_group(chat_id, by)
            return escape(words.closed.format(title=title))
        self._access.open_group(chat_id, title, by)
        hidden = f"\n⚠ {words.sees_nothing}" if self._access.group_sees_nothing(chat_id) else ""
        return escape(words.opened.format(title=title) + hidden)

    def _is_new(self, message: Message, bot_id: int) -> bool:
        """Whether a message says that an administrator added the bot to a closed group."""
        user = message.from_user
        joined = any(each.id == bot_id for each in message.new_chat_members or ())
        return (
            joined
            and user is not None
            and self._access.role(user.id) == "admin"
            and not self._access.is_open(message.chat)
        )


def _title(chat: Chat) -> str:
    return truncate(chat.title or str(chat.id), _TITLE)


def _keyboard(chat_id: int, texts: Texts, *, opening: bool) -> InlineKeyboardMarkup:
    label = texts.groups.open if opening else texts.groups.close
    data = f"gr:{'open' if opening else 'close'}:{chat_id}"
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])
