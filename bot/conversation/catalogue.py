"""
The catalogue commands: /start, /help, /nguon and /tailieu.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.catalogue_visits import NAMED, CatalogueVisits, new_lines
from bot.conversation.keyboards import documents_row
from bot.conversation.small_talk import Topic
from bot.conversation.title_search import TITLE, described, holds_all, titled, wanted
from bot.errors import UnavailableError
from bot.messages import html_page_buttons
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.state import BotState
from bot.transport.delivery import answer_callback_query, edit, send
from retrieval import QuestionError
from retrieval.index import DocumentRecord
from retrieval.reading import READERS, collection_name, collection_of

PATTERN = r"^l:\d{1,6}\Z"
_PAGE = 10  # documents in a message
_LISTED, _COLLECTION = 130, 60  # units of a title and a collection: ten of each, and the new ones, fit a message
_FOUND, _ROW = 8, 5  # documents found; buttons in a row


class Catalogue:
    """Handles the commands that every reader may send."""

    def __init__(
        self, search: SearchService, state: BotState, visits: CatalogueVisits, access: Access, incidents: Incidents
    ) -> None:
        self._search = search
        self._state = state
        self._visits = visits
        self._access = access
        self._incidents = incidents

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/start`: introduce the bot."""
        if update.message:
            await send(context.bot, update.message.chat.id, texts_of(update).start_html)

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/help`: how to ask; in an administrator's private chat also how to administer."""
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None:
            return
        admin = self._access.is_admin_chat(message.chat, message.from_user)
        more = texts.admin_help_html.format(kinds=", ".join(sorted(READERS))) if admin else ""
        await send(context.bot, message.chat.id, texts.help_html + more)

    async def answer_small_talk(self, topic: Topic, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer what asks nothing of the documents, as a clerk would."""
        message, texts = update.message, texts_of(update)
        if message is None:
            return
        if topic == "help":
            await self.help(update, context)
        elif topic == "documents":
            await self.sources(update, context)
        else:
            said = {"greeting": texts.greeting_html, "thanks": texts.thanked_html, "identity": texts.start_html}[topic]
            await send(context.bot, message.chat.id, said, to=message.message_id)

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/nguon`: the first page of the list of documents, in private with the new ones."""
        message = update.message
        if message is None or message.from_user is None:
            return
        is_private = message.chat.type == ChatType.PRIVATE  # a group may see less, which would hide what is new
        new = await self._visits.new_for(message.from_user.id) if is_private else None
        html, keyboard = await self._page(update, context, 0, new.ids if new else frozenset())
        await send(context.bot, message.chat.id, html, keyboard=keyboard)
        if new:  # only now: what could not be sent is new the next time as well
            self._visits.note(message.from_user.id, new)

    async def turn(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn the page of `/nguon`."""
        query = update.callback_query
        if query is None or query.data is None or query.message is None:
            return
        await answer_callback_query(query)
        html, keyboard = await self._page(update, context, int(query.data.partition(":")[2]))
        await edit(context.bot, query.message, html, keyboard)

    async def _page(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, page: int, new: frozenset[str] = frozenset()
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """
        A page of the documents by collection, with the buttons that send them.

        Too high a number gives the last page.
        """
        texts, user_id = texts_of(update), update.effective_user.id if update.effective_user else 0
        try:
            records = await self._search.documents(within=self._access.visible_collections(update))
            if not records:
                return escape(texts.no_sources), None
            pages = -(-len(records) // _PAGE)
            page = min(page, pages - 1)
            numbered = dict(enumerate(_by_collection(records), 1))
            listed = dict(islice(numbered.items(), page * _PAGE, (page + 1) * _PAGE))
            added = {number: record for number, record in numbered.items() if record.doc_id in new}
            named = dict(islice(added.items(), NAMED))
            files = await self._files({**listed, **named}, user_id, is_admin=False)
        except UnavailableError as error:
            return await self._report_failure(context, error, texts), None
        head = texts.sources.format(count=len(records), page=page + 1, pages=pages)
        has_several = len({collection_of(record.doc_id) for record in records}) > 1
        lines = [
            f"<b>{escape(head)}</b>",
            *new_lines(named, len(added), texts),
            *_lines(listed, texts, has_several=has_several),
        ]
        turns = [("◀", page - 1), ("▶", page + 1)]
        row = [InlineKeyboardButton(sign, callback_data=f"l:{to}") for sign, to in turns if 0 <= to < pages]
        rows = [*(files.inline_keyboard if files else ()), *([row] if row else [])]
        return "\n".join(lines), InlineKeyboardMarkup(rows) if rows else None

    async def titles(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/tailieu words`: documents whose title holds all the words, folded."""
        if not update.message:
            return
        if not context.args:
            await send(context.bot, update.message.chat.id, escape(texts_of(update).title_usage))
            return
        await self._list(" ".join(context.args), update, context)

    async def send_requested(self, words: str, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        Answer a request for documents.

        Those with the words in their titles, else those that speak of them.
        """
        await self._list(words, update, context, also_inside=True)

    async def _list(
        self, words: str, update: Update, context: ContextTypes.DEFAULT_TYPE, *, also_inside: bool = False
    ) -> None:
        message, texts = update.message, texts_of(update)
        if message is None or message.from_user is None:
            return
        keyboard, within = None, self._access.visible_collections(update)
        try:
            records = await self._search.documents(within=within)
            found, head = await asyncio.to_thread(titled, records, wanted(words)), texts.titles
            if not found and also_inside:
                found, head = await self._that_speak_of(words, within), texts.titles_inside
            missing = texts.no_document if also_inside else texts.no_title
            html = _search_results(found, head, texts) if found else escape(missing.format(words=_short(words)))
            is_admin = self._access.is_admin_chat(message.chat, message.from_user)
            keyboard = await self._files(dict(enumerate(found[:_FOUND], 1)), message.from_user.id, is_admin=is_admin)
        except UnavailableError as error:
            html = await self._report_failure(context, error, texts)
        await send(
            context.bot, message.chat.id, html, to=message.message_id if also_inside else None, keyboard=keyboard
        )

    async def _that_speak_of(self, words: str, within: VisibleCollections) -> list[DocumentRecord]:
        """
        The documents of the answer to the words as a question, best first.

        Those with all the words in one quote, else that of the first; none where nothing is found.
        """
        try:
            answer = await self._search.ask(words, within=within)
        except QuestionError:
            return []
        records = {record.doc_id: record for record in await self._search.documents(within=within)}
        quotes = [hit.quote for hit in answer.hits if answer.state != "none"]
        naming = [quote for quote in quotes if holds_all(quote.text, wanted(words))]
        ids = dict.fromkeys(quote.doc_id for quote in naming or quotes[:1])
        return [records[doc_id] for doc_id in ids if doc_id in records]

    async def _files(
        self, numbered: Mapping[int, DocumentRecord], user_id: int, *, is_admin: bool
    ) -> InlineKeyboardMarkup | None:
        """A button for each document with a passage, two for administrators."""
        ids = [record.doc_id for record in numbered.values()]
        firsts = await self._search.first_passages(ids) if ids else []
        named = {number: passage for number, passage in zip(numbered, firsts, strict=True) if passage}
        if not named:
            return None
        answer_id = self._state.store_answer(user_id, [*named.values()])
        files = documents_row(answer_id, [*named])
        rows = [files[place : place + _ROW] for place in range(0, len(files), _ROW)]
        pages = [html_page_buttons.documents_row(answer_id, [*named])] if is_admin else []
        return InlineKeyboardMarkup([*rows, *pages])

    async def _report_failure(self, context: ContextTypes.DEFAULT_TYPE, error: UnavailableError, texts: Texts) -> str:
        code = self._incidents.record(error, "listing documents")
        await self._incidents.alarm(context.bot, code, error)
        return escape(texts.down.format(code=code))


def _by_collection(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    return sorted(records, key=lambda record: (collection_of(record.doc_id), record.title.casefold()))


def _lines(numbered: Mapping[int, DocumentRecord], texts: Texts, *, has_several: bool) -> Iterator[str]:
    """A line for each document, below its collection where there are several."""
    above = None
    for number, record in numbered.items():
        if has_several and (collection := collection_of(record.doc_id)) != above:
            above = collection
            yield f"\n📁 <b>{escape(truncate(collection_name(collection), _COLLECTION))}</b>"
        yield f"{number}. {described(record, texts, title=_LISTED)}"


def _search_results(records: Sequence[DocumentRecord], head: str, texts: Texts) -> str:
    lines = [f"{number}. {described(record, texts)}" for number, record in enumerate(records[:_FOUND], 1)]
    more = ["…"] if len(records) > _FOUND else []
    return "\n".join([f"<b>{escape(head.format(count=len(records)))}</b>", *lines, *more])


def _short(words: str) -> str:
    return truncate(words, TITLE)
