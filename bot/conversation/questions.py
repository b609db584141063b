"""
Questions: a message to the bot and its answer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageOriginUser, Update
from telegram.constants import MessageEntityType
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.answered_questions import AnsweredQuestion
from bot.conversation.catalogue import Catalogue
from bot.conversation.changed_documents import without_certainty
from bot.conversation.contact_questions import ContactQuestions
from bot.conversation.document_request import requested_documents
from bot.conversation.feedback import rating_keyboard
from bot.conversation.keyboards import answer_rows, copy_button, nearest_row
from bot.conversation.several_questions import MOST_QUESTIONS, split_questions
from bot.conversation.small_talk import small_talk
from bot.errors import OutdatedIndexError, StateUnreachableError, UnavailableError
from bot.messages.answer_message import answer_message, fits
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, utf16_length
from bot.messages.texts import Texts
from bot.operations.answer_times import AnswerTimes
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService, stored_passage
from bot.storage.state import AnswerSummary, BotState
from bot.storage.usage import Usage
from bot.transport.delivery import answer_callback_query, send, send_or_edit, typing
from retrieval import MAX_QUESTION_LENGTH, Answer, QuestionError

PATTERN = r"^s:\d{1,19}\Z"  # of the button that asks a follow-up by itself


@dataclass(frozen=True, slots=True)
class Measures:
    """What is counted of questions."""

    usage: Usage
    answer_times: AnswerTimes


class Questions:
    """
    Handles messages.

    Args:
        keep: whether the text of a question is stored.
    """

    def __init__(
        self,
        search: SearchService,
        state: BotState,
        measures: Measures,
        access: Access,
        incidents: Incidents,
        catalogue: Catalogue,
        contact_questions: ContactQuestions,
        *,
        keep: bool,
    ) -> None:
        self._search = search
        self._state = state
        self._usage, self._answer_times = measures.usage, measures.answer_times
        self._access = access
        self._incidents = incidents
        self._catalogue = catalogue
        self._contact_questions = contact_questions
        self._approvals = contact_questions.approvals
        self._answered = contact_questions.answered
        self._keep = keep

    def forget(self, user_id: int) -> None:
        """Drop a user's earlier questions from memory."""
        self._answered.forget(user_id)

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a question, or say why the message is not one."""
        message = update.message
        if message and message.from_user and _is_addressed(message, context) and await self._is_open(update, context):
            words = _without_mention(_words(message), context.bot.username) or _question_replied_to(message, context)
            await self._hear(update, context, message, words)

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Ask what follows a command that does not exist; help if nothing does.

        Example: "/hoi thời hạn nộp báo cáo"
        """
        message = update.message
        words = (message.text or "").partition(" ")[2].strip() if message else ""
        if message and words:
            await self._hear(update, context, message, words)
        else:
            await self._catalogue.help(update, context)

    async def edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer an edited question in the place of its first answer."""
        message = update.edited_message
        if not message or not message.from_user or not _words(message) or not _is_addressed(message, context):
            return
        words = _without_mention(_words(message), context.bot.username)
        before = self._answered.of(message.chat.id, message.message_id)
        if before and before.typed != words and self._access.is_open(message.chat):
            await self._hear(update, context, message, words, instead=before.answer)

    async def ask_alone(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask a follow-up by itself, in the place of its answer."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None or query.message is None or not isinstance(query.message, Message):
            return
        asked = self._answered.of(query.message.chat.id, int(query.data.partition(":")[2]))
        if asked is None or asked.user_id != query.from_user.id:
            await answer_callback_query(query, texts.question_gone, alert=True)
            return
        await answer_callback_query(query)
        await self._answer(update, context, asked.asking, asked.typed, "", instead=query.message)

    async def _is_open(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
        message = update.message
        if message is None or self._access.is_open(message.chat):
            return True
        text = texts_of(update).closed_group.format(chat=message.chat.id)
        await send(context.bot, message.chat.id, escape(text), to=message.message_id)
        return False

    async def _hear(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        message: Message,
        words: str,
        *,
        instead: Message | None = None,
    ) -> None:
        """Answer what a message says, in a new message or in the place of another."""
        topic = small_talk(words or _emoji_of_sticker(message))
        if topic:
            await self._catalogue.answer_small_talk(topic, update, context)
        elif documents := requested_documents(words):
            await self._catalogue.send_requested(documents, update, context)
        elif refusal := self._refusal(update, words):
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
        else:
            await self._answer_each(update, context, message, words, instead)

    def _refusal(self, update: Update, words: str) -> str:
        """Why a message cannot be answered; "" if it can."""
        texts = texts_of(update)
        if self._access.visible_collections(update) == frozenset():
            return texts.nothing_open
        if not words:
            return texts.not_text
        return texts.too_long.format(limit=MAX_QUESTION_LENGTH) if utf16_length(words) > MAX_QUESTION_LENGTH else ""

    async def _answer_each(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        message: Message,
        words: str,
        instead: Message | None,
    ) -> None:
        """
        Answer the questions of a message one by one.

        Each may follow up the one before.
        """
        questions = split_questions(words)
        previous = self._answered.before(message)
        for question in questions[:MOST_QUESTIONS]:
            previous = await self._answer(update, context, message, question, previous, instead=instead) or previous
            instead = None
        if len(questions) > MOST_QUESTIONS:
            text = texts_of(update).too_many.format(limit=MOST_QUESTIONS)
            await send(context.bot, message.chat.id, escape(text), to=message.message_id)

    async def _answer(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        message: Message,
        question: str,
        previous: str,
        *,
        instead: Message | None = None,
    ) -> str:
        """
        Answer one question.

        Returns its context for the next, "" if it could not be asked.
        """
        texts, chat, begun = texts_of(update), message.chat, self._answer_times.start()
        async with typing(context.bot, chat.id):
            try:
                within = self._access.visible_collections(update)
                answer = await self._search.ask(question, previous or None, within=within)
            except QuestionError:
                await send(context.bot, chat.id, escape(texts.no_words), to=message.message_id)
                return ""
            except UnavailableError as error:
                if not self._state.is_pending(update.update_id):
                    return ""  # erased meanwhile, or answered by another process while this one stood still
                code = self._incidents.record(error, "answering a question")
                text = texts.outdated if isinstance(error, OutdatedIndexError) else texts.down
                await send(context.bot, chat.id, escape(text.format(code=code)), to=message.message_id)
                await self._incidents.alarm(context.bot, code, error)
                return ""
            # They lost rights meanwhile, or had the question erased.
            if self._access.visible_collections(update) != within or not self._state.is_pending(update.update_id):
                return ""
            await self._deliver(update, context, message, answer, instead)
        self._answer_times.record(begun)
        return answer.query.context

    async def _deliver(
        self,
        update: Update,
        context: ContextTypes.DEFAULT_TYPE,
        message: Message,
        answer: Answer,
        instead: Message | None,
    ) -> None:
        texts, admin = texts_of(update), self._access.is_admin_chat(message.chat, message.from_user)
        user_id = message.from_user.id if message.from_user else 0
        if answer.notices:
            await self._incidents.notices.tell(context.bot, "stale_documents")
            answer = without_certainty(answer, texts, admin=admin)
            if not answer.hits:
                await send(context.bot, message.chat.id, escape(texts.notices.documents_changed), to=message.message_id)
                self._usage.record(user_id, message.chat.type, answer.state, answer.milliseconds)
                return
        page = answer_message(answer, texts, admin=admin)
        passages = [stored_passage(hit.quote, hit.score) for hit in answer.hits]
        speakers = self._speakers(message, answer)
        # A follow-up is stored as asked in full, since its own words do not say what it asks, but for others' words:
        # those who typed them may have them erased.
        is_own = speakers == {user_id}
        text = answer.query.context if answer.query.is_follow_up and is_own else answer.question
        is_typed = (
            is_own or _without_mention(_words(message), context.bot.username) != ""
        ) and not message.forward_origin
        verdict = AnswerSummary(answer.state, answer.confidence, len(page.shown))
        answer_id = self._state.store_answer(user_id, passages, text if self._keep and is_typed else None, verdict)
        rows = answer_rows(answer_id, len(page.shown), len(passages), texts) if page.shown else []
        rows += [nearest_row(answer_id, page.nearest)] if page.nearest else []
        rows += [row for row in (self._contact_questions.button(answer, answer_id, texts),) if row]
        beside = copy_button(answer.hits[0].quote, texts) if page.shown else []
        keyboard = rating_keyboard(answer_id, rows, beside)
        if answer.query.is_follow_up and not message.reply_to_message:
            keyboard = _with_alone_button(keyboard, message, texts)
        within = self._access.visible_collections(update)
        approved = await self._approvals.html(answer.query.context, texts, within=within)
        html = "\n\n".join(part for part in (approved, page.html) if part)
        sent = await send_or_edit(context.bot, message, html if fits(html) else approved, keyboard, instead)
        asked = AnsweredQuestion(answer.question, answer.query.context, user_id, message, sent, speakers)
        with suppress(StateUnreachableError):  # the answer stands: handled again, it would come twice
            if self._state.is_pending(update.update_id):  # else erased while it was sent
                self._usage.record(user_id, message.chat.type, answer.state, answer.milliseconds)
                self._answered.remember(asked)

    def _speakers(self, message: Message, answer: Answer) -> frozenset[int]:
        """Whose words a question as understood holds, or the messages that are remembered with it."""
        replied, origin = message.reply_to_message, message.forward_origin
        people = [message.from_user, replied.from_user if replied else None]
        people += [origin.sender_user] if isinstance(origin, MessageOriginUser) else []
        is_of_before = answer.query.is_follow_up or replied is not None
        before = self._answered.speakers_before(message) if is_of_before else frozenset[int]()
        return before | {each.id for each in people if each and not each.is_bot}


def _with_alone_button(keyboard: InlineKeyboardMarkup, asking: Message, texts: Texts) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(texts.ask_alone, callback_data=f"s:{asking.message_id}")
    return InlineKeyboardMarkup([*keyboard.inline_keyboard, [button]])


def _is_addressed(message: Message, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether a message is private, mentions the bot, or replies to it."""
    if message.chat.type == "private":
        return True
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == context.bot.id:
        return True
    kinds: list[str | None] = [MessageEntityType.MENTION]
    mentions = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return f"@{context.bot.username}".lower() in {mention.lower() for mention in mentions.values()}


def _emoji_of_sticker(message: Message) -> str:
    return (message.sticker.emoji or "") if message.sticker else ""


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
