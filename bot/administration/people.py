"""
People: what administrators do in the chat to let somebody ask, or no longer.
"""

from __future__ import annotations

from datetime import datetime

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.messages.language import words_of
from bot.messages.quote_html import cut, escape, visible_length
from bot.messages.texts import Words
from bot.storage.state import Act, Person, Role, State
from bot.transport.delivery import send

_NAME = 60  # units of a name in a list
_ROOM = 3900  # units of a list, which leaves place for its first line
_ADMIN = ("quantri", "admin")


class People:
    """
    The handlers of /moi, /nguoidung, /xoa, /nhatky and of a contact that an administrator sends.

    Args:
        hours: how long an invitation is good.
    """

    def __init__(self, state: State, access: Access, *, hours: float) -> None:
        self._state = state
        self._access = access
        self._hours = hours

    async def invite(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/moi`, `/moi quantri`: a link that one person may follow once."""
        if not await self._access.allows(update, context):
            return
        words, (message, user_id) = words_of(update), _sender(update)
        role: Role = "admin" if context.args and context.args[0].lower() in _ADMIN else "staff"
        code = self._state.invite(role, user_id, self._hours * 3600)
        link = f"https://t.me/{context.bot.username}?start={code}"
        text = words.invite.format(role=_said(role, words), hours=f"{self._hours:g}", link=link)
        await send(context.bot, message.chat.id, escape(text))

    async def list(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/nguoidung`: everybody who may ask."""
        if not await self._access.allows(update, context):
            return
        words, (message, _) = words_of(update), _sender(update)
        fixed = [f"{user} · {words.admin} ({words.fixed})" for user in sorted(self._access.fixed)]
        people = [p for p in self._state.people() if p.user_id not in self._access.fixed]
        lines = [*fixed, *(f"{p.user_id} · {cut(p.name, _NAME)} · {_said(p.role, words)}" for p in people)]
        await send(context.bot, message.chat.id, _listed(words.people.format(count=len(lines)), lines))

    async def remove(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/xoa ID`: takes the right to ask away."""
        if not await self._access.allows(update, context):
            return
        words, (message, by) = words_of(update), _sender(update)
        given = context.args[0] if context.args else ""
        if not (given.isascii() and given.isdecimal() and len(given) <= 18):
            text = words.remove_usage
        elif int(given) in self._access.fixed or int(given) == by:
            text = words.cannot_remove.format(user=given)
        else:
            gone = self._state.remove(int(given), by)
            text = (words.removed if gone else words.not_there).format(user=given)
        await send(context.bot, message.chat.id, escape(text))

    async def trail(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/nhatky`: who gave and took which rights."""
        if not await self._access.allows(update, context):
            return
        words, (message, _) = words_of(update), _sender(update)
        lines = [_line(act, words) for act in self._state.trail()]
        text = _listed(words.trail, lines) if lines else escape(words.no_trail)
        await send(context.bot, message.chat.id, text)

    async def contact(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A contact from an administrator: that person may ask from now on. From staff it is no question."""
        message, by = _sender(update)
        contact, words = message.contact, words_of(update)
        if self._access.role(by) != "admin" or message.chat.type != "private":
            if message.chat.type == "private":
                await send(context.bot, message.chat.id, escape(words.not_text))
            return
        if contact is None or contact.user_id is None:
            await send(context.bot, message.chat.id, escape(words.contact_unknown))
            return
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        role = self._access.role(contact.user_id)
        if role is None:
            self._state.add(Person(contact.user_id, "staff", name), by)
        sentence = words.added if role is None else words.already
        text = sentence.format(name=cut(name, _NAME), user=contact.user_id, role=_said(role or "staff", words))
        await send(context.bot, message.chat.id, escape(text))


def _sender(update: Update) -> tuple[Message, int]:
    message = update.message
    if message is None or message.from_user is None:
        raise ValueError(f"a person's message is handled here, update {update.update_id} is none: see is_heard")
    return message, message.from_user.id


def _said(role: Role, words: Words) -> str:
    return words.admin if role == "admin" else words.staff


def _line(act: Act, words: Words) -> str:
    when = datetime.fromtimestamp(act.at).astimezone()
    kind, _, detail = act.act.partition(": ")
    what = dict(words.acts).get(kind, kind)
    subject = detail or ("" if act.subject == act.actor else str(act.subject))
    return f"{when:%d/%m/%Y %H:%M} · {act.actor} {what} {cut(subject, _NAME)}".rstrip()


def _listed(head: str, lines: list[str]) -> str:
    """A head and as many lines as one message holds."""
    html = f"<b>{escape(head)}</b>"
    for number, line in enumerate(lines):
        longer = f"{html}\n{escape(line)}"
        if visible_length(longer) > _ROOM:
            return f"{html}\n… (+{len(lines) - number})"
        html = longer
    return html
