"""
The lists of people and of the audit log, in pages that buttons turn.

Format of the buttons: ul:page:words searched for, and al:page.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.grants import NAME, role_name
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.storage.names import Names
from bot.storage.state import AuditEntry, BotState
from bot.transport.delivery import answer_callback_query, edit, send
from retrieval.language import fold

PATTERN = r"^(?:ul:\d{1,6}:|al:\d{1,6}\Z)"
_PAGE = 20  # lines of a page
_WORDS = 50  # bytes of the words searched for, which a button must carry: Bot API, 64 in all

Page = tuple[str, InlineKeyboardMarkup | None]


class PeopleLists:
    """
    Handles /nguoidung, /nhatky and the buttons that turn their pages.

    Args:
        zone: in which the audit log shows times.
    """

    def __init__(self, state: BotState, access: Access, zone: tzinfo) -> None:
        self._state = state
        self._access = access
        self._names = Names(state)
        self._zone = zone

    async def people(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/nguoidung`: everybody with access; with words, those whose name or id has them."""
        if update.message is None or not await self._access.require_admin(update, context):
            return
        words = fold(" ".join(context.args or ())).encode()[:_WORDS].decode(errors="ignore")
        html, keyboard = self._people_page(words, 0, texts_of(update))
        await send(context.bot, update.message.chat.id, html, keyboard=keyboard)

    async def audit_log(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/nhatky`: the audit log, newest first."""
        if update.message is None or not await self._access.require_admin(update, context):
            return
        html, keyboard = self._audit_page(0, texts_of(update))
        await send(context.bot, update.message.chat.id, html, keyboard=keyboard)

    async def turn(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn a page."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        kind, number, *words = data.split(":", 2)
        page = self._audit_page(int(number), texts) if kind == "al" else self._people_page(words[0], int(number), texts)
        await edit(context.bot, message, *page)
        await answer_callback_query(query)

    def _people_page(self, words: str, number: int, texts: Texts) -> Page:
        people = [(user, texts.admin, True, self._names.of(user)) for user in sorted(self._access.fixed)]
        people += [
            (each.user_id, role_name(each.role, texts), False, each.name)
            for each in self._state.people()
            if each.user_id not in self._access.fixed
        ]
        wanted, folded = words.split(), ((each, fold(f"{each[3]} {each[0]}")) for each in people)
        found = [each for each, name in folded if all(word in name for word in wanted)]
        if not found:
            return escape(texts.access.nobody_found.format(words=words)), None
        lines = [
            " · ".join(part for part in (str(user), truncate(name, NAME), role) if part)
            + (f" ({texts.fixed})" if fixed else "")
            for user, role, fixed, name in found[number * _PAGE : (number + 1) * _PAGE]
        ]
        head = texts.people.format(count=len(found))
        return _page(head, lines, number, -(-len(found) // _PAGE), ("ul", f":{words}"), texts)

    def _audit_page(self, number: int, texts: Texts) -> Page:
        acts = self._state.audit_log(_PAGE, number * _PAGE)
        if not acts:
            return escape(texts.audit_log_empty), None
        lines = [self._audit_line(act, texts) for act in acts]
        pages = -(-self._state.audit_length() // _PAGE)
        return _page(texts.audit_log, lines, number, pages, ("al", ""), texts)

    def _audit_line(self, act: AuditEntry, texts: Texts) -> str:
        when = datetime.fromtimestamp(act.at, self._zone)
        kind, _, detail = act.act.partition(": ")
        what = dict(texts.audit_actions).get(kind, kind)
        subject = detail or ("" if act.subject == act.actor else self._names.label(act.subject))
        actor = truncate(self._names.label(act.actor), NAME)
        return f"{when:%d/%m/%Y %H:%M} · {actor} {what} {truncate(subject, NAME)}".rstrip()


def _page(head: str, lines: list[str], number: int, pages: int, data: tuple[str, str], texts: Texts) -> Page:
    """One page with the buttons that lead to its neighbours."""
    verb, rest = data
    title = f"{head} ({texts.access.page.format(page=number + 1, pages=pages)})" if pages > 1 else head
    turns = [("◀", number - 1), ("▶", number + 1)]
    row = [InlineKeyboardButton(sign, callback_data=f"{verb}:{to}{rest}") for sign, to in turns if 0 <= to < pages]
    html = "\n".join([f"<b>{escape(title)}</b>", *map(escape, lines)])
    return html, InlineKeyboardMarkup([row]) if row else None
