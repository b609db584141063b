"""
Questions to the person in charge, sent on by a press of the asker.

The reply to what they are sent comes back to the asker. Nothing is sent on without the press. Format of the button:
h:answer id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from telegram import CallbackQuery, InlineKeyboardButton, Message, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import ContextTypes, filters

from bot.conversation.answered_questions import AnsweredQuestions
from bot.conversation.approvals import Approvals, approval_keyboard
from bot.errors import UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.messages.vi import VI
from bot.search.search_service import SearchService
from bot.settings.contacts import Contacts
from bot.storage.names import Names
from bot.storage.referrals import Referral, Referrals
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, send
from retrieval import Answer, Quote
from retrieval.reading import collection_of

_VERB = "h"
PATTERN = rf"^{_VERB}:[\w-]{{1,16}}\Z"
_SHOWN = 3  # passages
_SENTENCE, _LINE, _QUESTION, _REPLY = 400, 300, 1000, 3000  # UTF-16 units


class ContactQuestions:
    """
    Sends questions to contacts, and their replies back.

    Args:
        answered: the latest questions, since a question's text is not stored until its asker sends it on.
    """

    def __init__(
        self,
        contacts: Contacts,
        search: SearchService,
        state: BotState,
        answered: AnsweredQuestions,
        approvals: Approvals,
    ) -> None:
        self._contacts = contacts
        self._search = search
        self._state = state
        self._referrals = Referrals(state)
        self._names = Names(state)
        self.answered = answered
        self.approvals = approvals

    def button(self, answer: Answer, answer_id: str, texts: Texts) -> list[InlineKeyboardButton]:
        """The button below an answer that was not found and has a contact."""
        if answer.state == "found" or self._contact(quote.doc_id for quote in _quotes(answer)) is None:
            return []
        return [InlineKeyboardButton(texts.ask_contact, callback_data=f"{_VERB}:{answer_id}")]

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Send the question of an answer to the contact."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None or query.message is None:
            return
        answer_id = query.data.partition(":")[2]
        asked = self.answered.of(query.message.chat.id, query.message.message_id)
        if asked is None or asked.user_id != query.from_user.id:
            await answer_callback_query(query, texts.question_gone if asked is None else texts.not_yours, alert=True)
        elif not self._referrals.may_refer(asked.user_id, answer_id):
            await answer_callback_query(query, texts.already_referred, alert=True)
        else:
            chat, number = asked.asking.chat.id, asked.asking.message_id
            where = Referral(answer_id, asked.user_id, chat, number, asked.context, asked.speakers)
            await self._send(query, where, texts)

    async def reply(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send a contact's reply back to the asker, and confirm it."""
        message = update.message
        referral = self.referral_of(message) if message else None
        if message is None or referral is None:
            return
        by = message.from_user.full_name if message.from_user else ""
        head = f"<b>{escape(VI.contact_replied.format(name=truncate(by, _LINE)))}</b>"
        quoted = escape(truncate(referral.question, _QUESTION))
        quoted = f"<blockquote expandable>{quoted}</blockquote>" if quoted else ""
        text = f"\n{escape(truncate(message.text, _REPLY))}" if message.text else ""
        texts = texts_of(update)
        keyboard = None
        try:
            await send(context.bot, referral.chat_id, f"{head}\n{quoted}{text}", to=referral.message_id)
            if not message.text:
                await context.bot.copy_message(referral.chat_id, message.chat.id, message.message_id)
            said = texts.reply_sent
            if message.text and message.reply_to_message:
                places = self._of_contact(message.chat.id, await self._quotes(referral))
                keyboard = approval_keyboard(message.reply_to_message.message_id, places, texts)
        except (BadRequest, Forbidden):  # the asker has blocked the bot, or left the group
            said = texts.reply_not_sent
        await send(context.bot, message.chat.id, escape(said), to=message.message_id, keyboard=keyboard)

    def referral_of(self, message: Message) -> Referral | None:
        """The referral that a message replies to, None if it is another message."""
        asked = message.reply_to_message
        return self._referrals.find(message.chat.id, asked.message_id) if asked else None

    async def _send(self, query: CallbackQuery, referral: Referral, texts: Texts) -> None:
        quotes = await self._quotes(referral)
        chat = self._contact(quote.doc_id for quote in quotes.values())
        if chat is None:
            await answer_callback_query(query, texts.contact_unreachable, alert=True)
            return
        try:
            sent = await send(query.get_bot(), chat, self._message(referral, self._of_contact(chat, quotes)))
        except (BadRequest, Forbidden):  # a bot cannot write first
            await answer_callback_query(query, texts.contact_unreachable, alert=True)
            return
        self._referrals.store(chat, sent.message_id, referral)
        await answer_callback_query(query, texts.referred, alert=True)

    async def _quotes(self, referral: Referral) -> dict[int, Quote]:
        """The first quotes of the answer by position, without those that have changed."""
        passages = (self._state.passages_of(referral.answer_id) or [])[:_SHOWN]
        try:
            found = await self._search.quotes(passages, within=None)
        except UnavailableError:
            return {}
        return {place: quote for place, quote in enumerate(found) if quote}

    def _of_contact(self, chat: int, quotes: Mapping[int, Quote]) -> dict[int, Quote]:
        """Those from the collections that a contact is in charge of."""
        return {place: each for place, each in quotes.items() if self._contacts.of(collection_of(each.doc_id)) == chat}

    def _message(self, referral: Referral, quotes: Mapping[int, Quote]) -> str:
        """Who asks what, and the passages that were shown, by title and sentence."""
        lines = [
            f"<b>{escape(VI.contact_asked.format(name=self._names.label(referral.asker_id)))}</b>",
            f"<blockquote>{escape(truncate(referral.question, _QUESTION))}</blockquote>",
            *([escape(VI.contact_shown)] if quotes else []),
        ]
        for place, quote in quotes.items():
            where = f"{place + 1}. {quote.citation.title} · {quote.citation.line}"
            lines.append(escape(truncate(where, _LINE)))
            if quote.highlighted:
                lines.append(f"<blockquote expandable>{escape(truncate(quote.highlighted, _SENTENCE))}</blockquote>")
        return "\n".join([*lines, escape(VI.contact_how)])

    def _contact(self, doc_ids: Iterable[str]) -> int | None:
        """
        The contact for the first document's collection.

        The one for all where there is no document.
        """
        return self._contacts.of(collection_of(next(iter(doc_ids), "")))


class ContactReplyFilter(filters.MessageFilter):
    """Lets through replies to what a contact was sent."""

    def __init__(self, questions: ContactQuestions) -> None:
        super().__init__()
        self._questions = questions

    def filter(self, message: Message) -> bool:
        """Whether a message is such a reply."""
        return self._questions.referral_of(message) is not None


def _quotes(answer: Answer) -> list[Quote]:
    return [hit.quote for hit in answer.hits[:_SHOWN]]
