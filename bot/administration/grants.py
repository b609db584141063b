"""
Grant access to somebody as staff, and say what came of it.
"""

from __future__ import annotations

from telegram import Bot

from bot.access import Access
from bot.messages.quote_html import truncate
from bot.messages.texts import Texts
from bot.storage.state import Person, Role

NAME = 60  # UTF-16 units of a name in a sentence or list


async def grant(access: Access, bot: Bot, person: Person, by: int, texts: Texts) -> str:
    """Give a stranger the role of `person`; returns what to tell the administrator."""
    role = access.role(person.user_id)
    told = True if role else await access.admission.admit(bot, person, by)
    sentence = (texts.already_added if role else texts.added).format(
        name=truncate(person.name, NAME), user=person.user_id, role=role_name(role or person.role, texts)
    )
    return sentence if told else f"{sentence}\n{texts.access.not_told.format(bot=bot.username)}"


def role_name(role: Role, texts: Texts) -> str:
    """What a role is called."""
    return texts.admin if role == "admin" else texts.staff
