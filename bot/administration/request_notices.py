"""
Announce strangers' requests to the administrators, and carry out what their buttons decide.

The first request is announced at once, later ones together after a pause, so that a flood of strangers makes a few
messages. Format of the buttons: rq:verb:user id:place, where the place is the notice or page that the button stands on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.administration.grants import NAME, grant
from bot.errors import StateUnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.messages.vi import VI
from bot.storage.access_requests import AccessRequest, AccessRequests
from bot.storage.names import Names
from bot.storage.state import BotState, Person
from bot.transport.delivery import answer_callback_query, edit, send

PATTERN = r"^rq:(?:y|n|n\d|page):\d{1,18}:[bp]\d{1,12}\Z"
PAUSE = 600.0
_FLOOD = 6  # times as long after a notice that could not list everybody
_LISTED = 8  # requests in one message
_LOGGER = logging.getLogger(__name__)


class RequestNotices:
    """
    Announces requests, and handles /xinquyen and the buttons below both.

    Args:
        wanted: set when a request is to be announced.
        pause: seconds between two notices.
    """

    def __init__(self, state: BotState, access: Access, wanted: asyncio.Event, *, pause: float = PAUSE) -> None:
        self._access = access
        self._requests = AccessRequests(state)
        self._names = Names(state)
        self._pause = pause
        self._wanted = wanted

    def wake(self) -> None:
        """Look for requests: another process may have recorded one."""
        self._wanted.set()

    async def run(self, bot: Bot) -> None:
        """Announce requests for ever, those of before the start first."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            announced = 0
            try:
                announced = await self._announce(bot)
            except StateUnavailableError:
                _LOGGER.exception("requests for access could not be announced: see the state's disk")
            await asyncio.sleep(self._pause * (_FLOOD if announced > _LISTED else 1) if announced else 0)

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/xinquyen`: the requests that await a decision."""
        if update.message is None or not await self._access.require_admin(update, context):
            return
        html, keyboard = self._render("p0", texts_of(update))
        await send(context.bot, update.message.chat.id, html, keyboard=keyboard)

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Decide about a request, turn the page, or ask for the reason of a refusal."""
        press, texts = await self._access.require_admin_press(update), texts_of(update)
        if press is None:
            return
        query, data, message = press
        _, verb, user, place = data.split(":")
        reply, asked = "", None
        if verb == "n" and self._open(int(user)):
            asked = int(user)
        elif verb != "page":
            reply = await self._decide(query, verb, int(user), texts)
        html, keyboard = self._render(place, texts, asked)
        await edit(context.bot, message, html, keyboard)
        await answer_callback_query(query, reply, alert="\n" in reply)

    def _open(self, user_id: int) -> bool:
        request = self._requests.find(user_id)
        return self._access.role(user_id) is None and (request is None or request.decision is None)

    async def _decide(self, query: CallbackQuery, verb: str, user: int, texts: Texts) -> str:
        """Carry out a decision; returns what to tell the presser."""
        if not self._open(user):
            return self._outcome(user, texts)
        by, bot = query.from_user.id, query.get_bot()
        name = self._names.of(user) or str(user)
        if verb == "y":
            return await grant(self._access, bot, Person(user, "staff", name), by, texts)
        reasons = [reason for reason, _ in texts.access.refusal_reasons]
        place = int(verb[1:] or len(reasons) - 1)
        told = await self._access.admission.refuse(bot, user, reasons[min(place, len(reasons) - 1)], by)
        sentence = texts.access.refused.format(person=self._names.label(user))
        return sentence if told else f"{sentence}\n{texts.access.not_told.format(bot=bot.username)}"

    def _outcome(self, user: int, texts: Texts) -> str:
        """What another administrator had decided."""
        request, person = self._requests.find(user), self._names.label(user)
        by = self._names.label(request.decided_by) if request and request.decided_by else ""
        if self._access.role(user):
            return texts.access.admitted_by.format(person=person, by=by or "–")
        return texts.access.refused_by.format(person=person, by=by or "–")

    async def _announce(self, bot: Bot) -> int:
        """Send one message about all new requests; returns their number."""
        new = [each for each in self._requests.unannounced() if self._access.role(each.user_id) is None]
        if not new:
            return 0
        bundle = self._requests.bundle(each.user_id for each in new)
        html, keyboard = self._render(f"b{bundle}", VI)
        for admin in self._access.admins():
            with suppress(TelegramError):  # a bot cannot write first
                await send(bot, admin, html, keyboard=keyboard)
        return len(new)

    def _render(self, place: str, texts: Texts, asked: int | None = None) -> tuple[str, InlineKeyboardMarkup | None]:
        """
        A notice or a page of the list, as it stands now.

        `place` is "b" and the number of the notice, or "p" and that of the page.
        """
        words, number = texts.access, int(place[1:])
        if place[0] == "b":
            requests, first, turns = self._requests.of_bundle(number), 0, []
        else:
            requests = self._requests.undecided()
            number = min(number, max(0, (len(requests) - 1) // _LISTED))
            first = number * _LISTED
            turns = [("◀", number - 1), ("▶", number + 1)]
        listed = requests[first : first + _LISTED]
        if not listed:
            return escape(words.no_requests), None
        lines = [f"• {escape(self._line(each, texts))}" for each in listed]
        rest = len(requests) - len(listed) if place[0] == "b" else 0
        more = [escape(words.more_requests.format(count=rest))] if rest else []
        rows = [row for each in listed if each.decision is None for row in _rows(each, place, texts, asked)]
        pages = -(-len(requests) // _LISTED)
        turn = [InlineKeyboardButton(sign, callback_data=f"rq:page:0:p{to}") for sign, to in turns if 0 <= to < pages]
        shown = [*rows, turn] if turn else rows
        html = "\n".join([f"<b>{escape(words.requests.format(count=len(requests)))}</b>", *lines, *more])
        return html, InlineKeyboardMarkup(shown) if shown else None

    def _line(self, request: AccessRequest, texts: Texts) -> str:
        person = truncate(f"{request.name} ({request.user_id})".strip(), NAME)
        by = self._names.label(request.decided_by) if request.decided_by else ""
        outcomes = {
            "admitted": texts.access.admitted_by,
            "refused": texts.access.refused_by,
            "removed": texts.access.removed_by,
        }
        return outcomes[request.decision].format(person=person, by=by) if request.decision else person


def _rows(
    request: AccessRequest, place: str, texts: Texts, asked: int | None
) -> Sequence[Sequence[InlineKeyboardButton]]:
    """The buttons for one request; for the one that is being refused, its reasons."""
    words, user = texts.access, request.user_id
    if user == asked:
        return [
            [InlineKeyboardButton(label or words.no_reason, callback_data=f"rq:n{number}:{user}:{place}")]
            for number, (_, label) in enumerate(words.refusal_reasons)
        ]
    name = truncate(request.name or str(user), 24)
    return [
        [
            InlineKeyboardButton(words.admit.format(name=name), callback_data=f"rq:y:{user}:{place}"),
            InlineKeyboardButton(words.refuse, callback_data=f"rq:n:{user}:{place}"),
        ]
    ]
