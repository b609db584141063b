"""
The administrators' commands that grant and withdraw access.
"""

from __future__ import annotations

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.forwarded_people import grant_keyboard
from bot.administration.grants import NAME, grant, role_name
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.storage.names import Names
from bot.storage.state import BotState, Person, Role
from bot.transport.delivery import send

_ADMIN = ("quantri", "admin")


class People:
    """
    Handles /moi, /xoa and contacts that administrators send.

    Args:
        hours: how long an invitation is valid.
    """

    def __init__(self, state: BotState, access: Access, *, hours: float) -> None:
        self._state = state
        self._access = access
        self._names = Names(state)
        self._hours = hours

    async def invite(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/moi`, `/moi quantri`: a one-time invitation link; `/moi 701` lets this user in."""
        if not await self._access.require_admin(update, context):
            return
        texts, (message, user_id) = texts_of(update), _sender(update)
        given = context.args[0].lower() if context.args else ""
        if _is_id(given):
            person = Person(int(given), "staff", self._names.of(int(given)) or given)
            text = await grant(self._access, context.bot, person, user_id, texts)
            await send(context.bot, message.chat.id, escape(text))
            return
        role: Role = "admin" if given in _ADMIN else "staff"
        code = self._state.invite(role, user_id, self._hours * 3600)
        link = f"https://t.me/{context.bot.username}?start={code}"
        text = texts.invite.format(role=role_name(role, texts), hours=f"{self._hours:g}", link=link)
        await send(context.bot, message.chat.id, escape(text))

    async def remove(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/xoa ID`: withdraw somebody's access."""
        if not await self._access.require_admin(update, context):
            return
        texts, (message, by) = texts_of(update), _sender(update)
        given = context.args[0] if context.args else ""
        if not _is_id(given):
            text = texts.remove_usage
        elif int(given) in self._access.fixed or int(given) == by:
            text = texts.cannot_remove.format(user=given)
        else:
            gone = await self._access.admission.remove(context.bot, int(given), by)
            text = (texts.removed if gone else texts.not_there).format(user=given)
        await send(context.bot, message.chat.id, escape(text))

    async def contact(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Grant access to a contact that an administrator sends, or ask if it is forwarded."""
        message, by = _sender(update)
        contact, texts = message.contact, texts_of(update)
        if self._access.role(by) != "admin" or message.chat.type != "private":
            if message.chat.type == "private":
                await send(context.bot, message.chat.id, escape(texts.not_text))
            return
        if contact is None or contact.user_id is None:
            await send(context.bot, message.chat.id, escape(texts.contact_unknown))
            return
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        if message.forward_origin:  # written by a stranger, perhaps: the name proves nothing
            known = self._names.of(contact.user_id) or str(contact.user_id)
            question = texts.administration.forwarded_contact.format(name=truncate(name, NAME), user=contact.user_id)
            keyboard = grant_keyboard(contact.user_id, known, texts.administration)
            await send(context.bot, message.chat.id, escape(question), to=message.message_id, keyboard=keyboard)
            return
        text = await grant(self._access, context.bot, Person(contact.user_id, "staff", name), by, texts)
        await send(context.bot, message.chat.id, escape(text))


def _sender(update: Update) -> tuple[Message, int]:
    message = update.message
    if message is None or message.from_user is None:
        raise ValueError(f"a person's message is handled here, update {update.update_id} is none: see is_from_person")
    return message, message.from_user.id


def _is_id(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= 18
