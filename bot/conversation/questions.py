"""
Asking: a message to the bot, understood as a question, and its answer.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from telegram import Message, Update
from telegram.constants import MessageEntityType
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.buttons import under_answer
from bot.conversation.feedback import with_ratings
from bot.errors import Outdated, Unavailable
from bot.messages.answer_message import answer_page
from bot.messages.language import words_of
from bot.messages.quote_html import escape, utf16_length
from bot.operations.answer_times import Vitals
from bot.operations.incidents import Incidents
from bot.search.search_service import Library, held
from bot.storage.state import State, Verdict
from bot.storage.usage import Usage
from bot.transport.delivery import send, typing
from retrieval.answering.answer import Answer
from retrieval.errors import QuestionError
from retrieval.question.understanding import LONGEST

_REMEMBERED = 2_000  # answers whose question a reply may refer to


class Previous:
    """
    The questions that replies refer to, by the message that answered them: in memory only, the latest ones.

    A question's text is not to outlive its use where the operator has not turned that on, so nothing of this is
    written down: after a restart a reply to an old answer is a question by itself.
    """

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._asked: OrderedDict[tuple[int, int], tuple[str, int]] = OrderedDict()
        self._size = size

    def remember(self, message: Message, asked: str, user_id: int) -> None:
        """This message answers this question of this user."""
        self._asked[message.chat.id, message.message_id] = asked, user_id
        while len(self._asked) > self._size:
            self._asked.popitem(last=False)

    def of(self, message: Message) -> str | None:
        """The question answered by what this message replies to."""
        answered = message.reply_to_message
        found = self._asked.get((message.chat.id, answered.message_id)) if answered else None
        return found[0] if found else None

    def forget(self, user_id: int) -> None:
        """Drops every question of a user."""
        self._asked = OrderedDict((where, what) for where, what in self._asked.items() if what[1] != user_id)


class Asking:
    """
    The handler of messages.

    Args:
        keep: whether the text of a question is stored.
    """

    def __init__(
        self,
        library: Library,
        state: State,
        usage: Usage,
        access: Access,
        incidents: Incidents,
        vitals: Vitals,
        *,
        keep: bool,
    ) -> None:
        self._library = library
        self._state = state
        self._usage = usage
        self._access = access
        self._incidents = incidents
        self._vitals = vitals
        self._keep = keep
        self._previous = Previous()

    def forget(self, user_id: int) -> None:
        """What a user asked is no longer referred to."""
        self._previous.forget(user_id)

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a question; says what a question is when this is none."""
        message = update.message
        if message is None or message.from_user is None or not _addressed(message, context):
            return
        words, chat = words_of(update), message.chat
        if not self._access.is_open(chat):
            await send(context.bot, chat.id, escape(words.closed_group.format(chat=chat.id)), to=message.message_id)
            return
        question = _without_mention(message.text or "", context.bot.username)
        if self._access.within(update) == frozenset():
            await send(context.bot, chat.id, escape(words.nothing_open), to=message.message_id)
        elif not message.text:
            await send(context.bot, chat.id, escape(words.not_text), to=message.message_id)
        elif utf16_length(question) > LONGEST:
            await send(context.bot, chat.id, escape(words.too_long.format(limit=LONGEST)), to=message.message_id)
        else:
            await self._answer(update, context, message, question)

    async def _answer(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message, question: str
    ) -> None:
        words, chat, begun = words_of(update), message.chat, self._vitals.begin()
        async with typing(context.bot, chat.id):
            try:
                answer = await self._library.ask(
                    question, self._previous.of(message), within=self._access.within(update)
                )
            except QuestionError:
                await send(context.bot, chat.id, escape(words.no_words), to=message.message_id)
                return
            except Unavailable as error:
                code = self._incidents.record(error, "answering a question")
                said = words.outdated if isinstance(error, Outdated) else words.down
                await send(context.bot, chat.id, escape(said.format(code=code)), to=message.message_id)
                await self._incidents.alarm(context.bot, code, error)
                return
            await self._deliver(update, context, message, answer)
        self._vitals.answered(begun)

    async def _deliver(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message, answer: Answer
    ) -> None:
        words = words_of(update)
        page = answer_page(answer, words, admin=self._access.is_office(message.chat, message.from_user))
        user_id = message.from_user.id if message.from_user else 0
        passages = [held(hit.quote, hit.score) for hit in answer.hits] if page.shown else []
        # A follow-up is kept in full: by itself nobody could tell what it asks.
        text = answer.query.context if answer.query.is_follow_up else answer.question
        verdict = Verdict(answer.state, answer.confidence, len(page.shown))
        answer_id = self._state.keep(user_id, passages, text if self._keep else None, verdict)
        shown = {place: answer.hits[place].quote for place in page.shown}
        under = under_answer(answer_id, shown, len(passages), words) if shown else None
        keyboard = with_ratings(answer_id, under.inline_keyboard if under else ())
        sent = await send(context.bot, message.chat.id, page.html, to=message.message_id, keyboard=keyboard)
        self._usage.note(user_id, message.chat.type, answer.state, answer.milliseconds)
        self._previous.remember(sent, answer.query.context, user_id)


def _addressed(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """In a private chat always; in a group when the bot is mentioned or one of its messages replied to."""
    if message.chat.type == "private":
        return True
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == context.bot.id:
        return True
    mentions = message.parse_entities([MessageEntityType.MENTION]) if message.text else {}
    return f"@{context.bot.username}".lower() in {mention.lower() for mention in mentions.values()}


def _without_mention(text: str, username: str) -> str:
    return " ".join(re.sub(rf"@{re.escape(username)}\b", " ", text, flags=re.IGNORECASE).split())
