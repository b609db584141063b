"""
Admission: tell people that they were let in or out, and set their menus.

Best effort: a bot cannot write to somebody who never started it, and a decision stands whether or not they hear of it.
"""

from __future__ import annotations

from contextlib import suppress

from telegram import Bot, BotCommandScopeChat
from telegram.error import TelegramError

from bot.messages.en import EN
from bot.messages.quote_html import escape
from bot.messages.texts import Texts
from bot.messages.vi import VI
from bot.storage.access_requests import AccessRequests
from bot.storage.names import Names
from bot.storage.state import BotState, Person, Role
from bot.transport.delivery import send

_LANGUAGES = ((VI, None), (EN, "en"))


class Admission:
    """Lets people in and out, and tells them."""

    def __init__(self, state: BotState, requests: AccessRequests) -> None:
        self._state = state
        self._requests = requests
        self._names = Names(state)

    async def admit(self, bot: Bot, person: Person, by: int) -> bool:
        """Give somebody a role; returns whether they could be told."""
        request = self._requests.find(person.user_id)
        self._state.add(person, by)
        self._requests.decide(person.user_id, "admitted", by)
        await set_menu(bot, person.user_id, person.role)
        return await _told(bot, person.user_id, welcome_html(_texts(request.language if request else "")))

    async def redeemed(self, bot: Bot, user_id: int, role: Role) -> None:
        """Set a newcomer's menu, and tell the administrator who made their invitation."""
        maker = self._state.added_by(user_id)
        self._requests.decide(user_id, "admitted", maker or user_id)
        await set_menu(bot, user_id, role)
        if maker is not None and maker != user_id:
            role_name = VI.admin if role == "admin" else VI.staff
            text = VI.access.invitation_used.format(person=self._names.label(user_id), role=role_name)
            await _told(bot, maker, escape(text))

    async def remove(self, bot: Bot, user_id: int, by: int) -> bool:
        """Withdraw somebody's role and tell them; returns whether they had one."""
        if not self._state.remove(user_id, by):
            return False
        self._requests.decide(user_id, "removed", by)
        await delete_menu(bot, user_id)
        await _told(bot, user_id, escape(VI.access.you_were_removed))
        return True

    async def refuse(self, bot: Bot, user_id: int, reason: str, by: int) -> bool:
        """Refuse a request, with a reason or ""; returns whether the stranger was told."""
        request = self._requests.find(user_id)
        texts = _texts(request.language if request else "")
        self._requests.decide(user_id, "refused", by)
        label = dict(texts.access.refusal_reasons).get(reason, "")
        sentence = " ".join(texts.access.you_were_refused.format(reason=label).split())
        return await _told(bot, user_id, escape(sentence))


async def set_menu(bot: Bot, user_id: int, role: Role) -> None:
    """Show an administrator their commands too; staff see the bot's own list."""
    if role != "admin":
        return
    for texts, code in _LANGUAGES:
        with suppress(TelegramError):  # an administrator who never wrote to the bot has no chat with it
            commands = (*texts.commands, *texts.admin_commands)
            await bot.set_my_commands(commands, scope=BotCommandScopeChat(user_id), language_code=code)


async def delete_menu(bot: Bot, user_id: int) -> None:
    """Show somebody no more than the bot's own list of commands."""
    for _, code in _LANGUAGES:
        with suppress(TelegramError):
            await bot.delete_my_commands(BotCommandScopeChat(user_id), language_code=code)


def welcome_html(texts: Texts) -> str:
    """What somebody who was let in is told."""
    return f"{escape(texts.welcome)}\n\n{texts.start_html}"


async def _told(bot: Bot, user_id: int, html: str) -> bool:
    try:
        await send(bot, user_id, html)
    except TelegramError:
        return False
    return True


def _texts(language: str) -> Texts:
    return EN if language == "en" else VI
