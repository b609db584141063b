"""
Questions: a message to the bot and its answer.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from telegram import Message, Update
from telegram.constants import MessageEntityType
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.buttons import answer_keyboard
from bot.conversation.catalogue import Catalogue
from bot.conversation.feedback import rating_keyboard
from bot.conversation.small_talk import small_talk
from bot.errors import OutdatedIndexError, UnavailableError
from bot.messages.answer_message import answer_message
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, utf16_length
from bot.operations.answer_times import AnswerTimes
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService, stored_passage
from bot.storage.state import AnswerSummary, StateFile
from bot.storage.usage import Usage
from bot.transport.delivery import send, typing
from retrieval import MAX_QUESTION_LENGTH, Answer, QuestionError

_REMEMBERED = 2_000  # answers whose question a reply may refer to


class AnsweredQuestions:
    """
    The latest questions by the messages that asked and answered them, for replies to either.

    In memory only, since the text of a question is stored only where the operator says so: after a restart, a reply
    to an old answer is a question by itself.
    """

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._questions: OrderedDict[tuple[int, int], tuple[str, int]] = OrderedDict()
        self._size = size

    def remember(self, message: Message, asked: str, user_id: int) -> None:
        """Note that this message asks or answers this user's question."""
        self._questions[message.chat.id, message.message_id] = asked, user_id
        while len(self._questions) > self._size:
            self._questions.popitem(last=False)

    def question_before(self, message: Message) -> str | None:
        """The question that the replied-to message asked or answered, None if unknown."""
        answered = message.reply_to_message
        found = self._questions.get((message.chat.id, answered.message_id)) if answered else None
        return found[0] if found else None

    def forget(self, user_id: int) -> None:
        """Drop every question of a user."""
        self._questions = OrderedDict((where, what) for where, what in self._questions.items() if what[1] != user_id)


class Questions:
    """
    Handles messages.

    Args:
        keep: whether the text of a question is stored.
    """

    def __init__(
        self,
        search: SearchService,
        state: StateFile,
        usage: Usage,
        access: Access,
        incidents: Incidents,
        answer_times: AnswerTimes,
        catalogue: Catalogue,
        *,
        keep: bool,
    ) -> None:
        self._search = search
        self._state = state
        self._usage = usage
        self._access = access
        self._incidents = incidents
        self._answer_times = answer_times
        self._catalogue = catalogue
        self._keep = keep
        self._answered = AnsweredQuestions()

    def forget(self, user_id: int) -> None:
        """Drop a user's earlier questions from memory."""
        self._answered.forget(user_id)

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a question, or say why the message is not one."""
        message = update.message
        if message is None or message.from_user is None or not _addressed(message, context):
            return
        texts, chat = texts_of(update), message.chat
        if not self._access.is_open(chat):
            await send(context.bot, chat.id, escape(texts.closed_group.format(chat=chat.id)), to=message.message_id)
            return
        question = _without_mention(_words(message), context.bot.username) or _question_replied_to(message, context)
        topic = small_talk(question)
        if topic:
            await self._catalogue.answer_small_talk(topic, update, context)
        elif self._access.visible_collections(update) == frozenset():
            await send(context.bot, chat.id, escape(texts.nothing_open), to=message.message_id)
        elif not _words(message):
            await send(context.bot, chat.id, escape(texts.not_text), to=message.message_id)
        elif utf16_length(question) > MAX_QUESTION_LENGTH:
            await send(
                context.bot, chat.id, escape(texts.too_long.format(limit=MAX_QUESTION_LENGTH)), to=message.message_id
            )
        else:
            await self._answer(update, context, message, question)

    async def _answer(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message, question: str
    ) -> None:
        texts, chat, begun = texts_of(update), message.chat, self._answer_times.start()
        async with typing(context.bot, chat.id):
            try:
                answer = await self._search.ask(
                    question, self._answered.question_before(message), within=self._access.visible_collections(update)
                )
            except QuestionError:
                await send(context.bot, chat.id, escape(texts.no_words), to=message.message_id)
                return
            except UnavailableError as error:
                code = self._incidents.record(error, "answering a question")
                text = texts.outdated if isinstance(error, OutdatedIndexError) else texts.down
                await send(context.bot, chat.id, escape(text.format(code=code)), to=message.message_id)
                await self._incidents.alarm(context.bot, code, error)
                return
            await self._deliver(update, context, message, answer)
        self._answer_times.record(begun)

    async def _deliver(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message, answer: Answer
    ) -> None:
        texts = texts_of(update)
        page = answer_message(answer, texts, admin=self._access.is_admin_chat(message.chat, message.from_user))
        user_id = message.from_user.id if message.from_user else 0
        passages = [stored_passage(hit.quote, hit.score) for hit in answer.hits] if page.shown else []
        # A follow-up is stored as asked in full: its own words do not say what it asks.
        text = answer.query.context if answer.query.is_follow_up else answer.question
        verdict = AnswerSummary(answer.state, answer.confidence, len(page.shown))
        answer_id = self._state.store_answer(user_id, passages, text if self._keep else None, verdict)
        shown = {place: answer.hits[place].quote for place in page.shown}
        under = answer_keyboard(answer_id, shown, len(passages), texts) if shown else None
        keyboard = rating_keyboard(answer_id, under.inline_keyboard if under else ())
        sent = await send(context.bot, message.chat.id, page.html, to=message.message_id, keyboard=keyboard)
        self._usage.record(user_id, message.chat.type, answer.state, answer.milliseconds)
        for asked_or_answered in (message, sent):  # people reply to either
            self._answered.remember(asked_or_answered, answer.query.context, user_id)


def _addressed(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether a message is private, mentions the bot, or replies to it."""
    if message.chat.type == "private":
        return True
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == context.bot.id:
        return True
    kinds: list[str | None] = [MessageEntityType.MENTION]
    mentions = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return f"@{context.bot.username}".lower() in {mention.lower() for mention in mentions.values()}


def _words(message: Message) -> str:
    """What a message says: its text, or the caption of its picture."""
    return message.text or message.caption or ""


def _question_replied_to(message: Message, context: ContextTypes.DEFAULT_TYPE) -> str:
    """
    The question of the message that this one, which has no words, replies to.

    "" if it replies to nobody.
    """
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id == context.bot.id:
        return ""
    return _without_mention(_words(asked), context.bot.username)


def _without_mention(text: str, username: str) -> str:
    return " ".join(re.sub(rf"@{re.escape(username)}\b", " ", text, flags=re.IGNORECASE).split())
