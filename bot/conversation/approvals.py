"""
Approved answers: replies of the person in charge, kept for the same question.

They are shown above what the documents say. Format of the buttons: a:message id:place of the passage that the reply
stands on, and a:message id:no.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import ContextTypes

from bot.errors import UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.approved_answers import ApprovedAnswer, ApprovedAnswers
from bot.storage.referrals import Referrals
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit

_VERB = "a"
PATTERN = rf"^{_VERB}:\d{{1,19}}:(?:\d|no)\Z"
_TEXT, _LINE = 3000, 300  # UTF-16 units


def approval_keyboard(message_id: int, places: Iterable[int], texts: Texts) -> InlineKeyboardMarkup | None:
    """
    A button for each passage that a reply may stand on.

    `message_id`: of what was replied to.
    """
    rows = [
        [InlineKeyboardButton(texts.approve.format(number=place + 1), callback_data=f"{_VERB}:{message_id}:{place}")]
        for place in places
    ]
    return InlineKeyboardMarkup(rows) if rows else None


class Approvals:
    """Keeps, withdraws and shows approved answers."""

    def __init__(self, search: SearchService, state: BotState, zone: ZoneInfo) -> None:
        self._search = search
        self._state = state
        self._zone = zone
        self._referrals = Referrals(state)
        self._approved = ApprovedAnswers(state)

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Keep the reply that the confirmation stands below, or withdraw it."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None or not isinstance(query.message, Message):
            return
        chat = query.message.chat.id
        message_id, place = query.data.split(":")[1:]
        if place == "no":
            self._approved.withdraw(chat, int(message_id))
            said, keyboard = texts.approval_withdrawn, None
        elif self._keep(query.message, int(message_id), int(place), query.from_user.full_name):
            button = InlineKeyboardButton(texts.withdraw_approval, callback_data=f"{_VERB}:{message_id}:no")
            said, keyboard = texts.approved, InlineKeyboardMarkup([[button]])
        else:
            await answer_callback_query(query, texts.old_button, alert=True)
            return
        await answer_callback_query(query)
        await edit(query.get_bot(), query.message, escape(said), keyboard)

    def _keep(self, message: Message, asked_id: int, place: int, by: str) -> bool:
        referral, reply = self._referrals.find(message.chat.id, asked_id), message.reply_to_message
        passages = self._state.passages_of(referral.answer_id) if referral else None
        if (
            referral is None
            or not referral.question
            or not passages
            or place >= len(passages)
            or reply is None
            or not reply.text
        ):
            return False
        answer = ApprovedAnswer(reply.text, by, self._state.now(), passages[place])
        self._approved.store(message.chat.id, asked_id, referral.question, answer)
        return True

    async def html(self, question: str, texts: Texts, *, within: VisibleCollections) -> str:
        """
        The approved answer to a question.

        "" if there is none, or its passage is closed to the reader or has changed.
        """
        approved = self._approved.find(question)
        if approved is None:
            return ""
        try:
            (quote,) = await self._search.quotes([approved.passage], within=within)
        except UnavailableError:
            return ""
        if quote is None:
            return ""
        day = datetime.fromtimestamp(approved.at, self._zone)
        source = texts.approval_source.format(source=f"{quote.citation.title} · {quote.citation.line}")
        return (
            f"<b>{escape(texts.approved_answer.format(name=truncate(approved.by, _LINE), day=f'{day:%d/%m/%Y}'))}</b>\n"
            f"{escape(truncate(approved.text, _TEXT))}\n<i>{escape(truncate(source, _LINE))}</i>"
        )
