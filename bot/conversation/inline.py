"""
Inline queries: quotes, or documents, offered while somebody types "@bot question" in any chat.

What begins with "tl" or "tài liệu" looks for documents by their titles and numbers. Every keystroke arrives as a query.
Only a user's newest query is answered, and never at the expense of questions in chats. Nothing is stored: Telegram
itself forgets a query after some seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence

from telegram import InlineQueryResult, InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.title_search import TITLE, particulars, titled, wanted
from bot.errors import UnavailableError
from bot.messages.language import texts_for
from bot.messages.quote_html import escape, render_quote, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.transport.delivery import NO_PREVIEW, answer_inline_query
from retrieval import Hit, QuestionError
from retrieval.index import DocumentRecord
from retrieval.language import fold
from retrieval.reading import collection_name, collection_of

RESULTS = 10
_LONGEST = 256  # characters of a query: Bot API, "InlineQuery"
_CACHED = 10  # seconds that Telegram may reuse the results for the same user; documents and access change
_TITLE = 100  # units; clients show one line
_DESCRIPTION = 200  # two lines
_DOCUMENTS = re.compile(r"(?:tl|tai lieu|docs?|documents?)(?: (?P<words>.+))?")  # folded


class Inline:
    """Handles inline queries."""

    def __init__(self, search: SearchService, access: Access, incidents: Incidents) -> None:
        self._search = search
        self._access = access
        self._incidents = incidents
        self._newest: dict[int, Update] = {}  # by user: the query that waits for its turn

    async def query(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer quotes for the user's newest query; drop a query superseded while it waits."""
        if update.inline_query is None:
            return
        user = update.inline_query.from_user.id
        waiting = user in self._newest
        self._newest[user] = update
        if waiting:
            return  # the waiting call answers this query instead of its own
        try:
            async with self._search.low_priority_turn():
                await self._answer(self._newest.pop(user), context)
        except UnavailableError:  # too busy to answer in time; the next keystroke asks again
            self._newest.pop(user, None)

    async def _answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query, within = update.inline_query, self._access.visible_collections(update)
        if query is None:
            return
        texts, text = texts_for(query.from_user), " ".join(query.query.split())
        if not text or len(text) > _LONGEST:
            await answer_inline_query(query, (), button=texts.inline_ask)
            return
        if within == frozenset():  # nothing is visible to them, or access was withdrawn while this waited
            await answer_inline_query(query, (), button=texts.inline_none)
            return
        try:
            results = await self._documents(text, within, texts) or await self._quotes(text, within)
        except QuestionError:
            await answer_inline_query(query, (), button=texts.inline_ask)
        except UnavailableError as error:
            code = self._incidents.record(error, "offering quotes")
            await self._incidents.alarm(context.bot, code, error)
            await answer_inline_query(query, (), button=texts.inline_down)
        else:
            await answer_inline_query(query, results, button="" if results else texts.inline_none, seconds=_CACHED)

    async def _documents(self, text: str, within: VisibleCollections, texts: Texts) -> list[InlineQueryResult]:
        """The documents with the words after "tl"; none where none are asked for."""
        asked = _DOCUMENTS.fullmatch(fold(text))
        if asked is None:
            return []
        records = await self._search.documents_low_priority(within=within)
        found: Sequence[DocumentRecord] = await asyncio.to_thread(titled, records, wanted(asked["words"] or ""))
        return [document_result(record, texts) for record in found[:RESULTS]]

    async def _quotes(self, text: str, within: VisibleCollections) -> list[InlineQueryResult]:
        answer = await self._search.ask_low_priority(text, RESULTS, within=within)
        return [quote_result(hit) for hit in answer.hits[:RESULTS] if answer.state != "none"]


def document_result(record: DocumentRecord, texts: Texts) -> InlineQueryResultArticle:
    """A document as an inline result: title, number, publisher, date and collection."""
    about, collection = particulars(record, texts), collection_name(collection_of(record.doc_id))
    lines = [
        f"📄 <b>{escape(truncate(record.title, TITLE))}</b>",
        escape(about),
        f"📁 {escape(truncate(collection, TITLE))}",
    ]
    return _article(
        f"document {record.doc_id}", record.title, f"{truncate(about, _TITLE)}\n📁 {collection}", "\n".join(lines)
    )


def quote_result(hit: Hit) -> InlineQueryResultArticle:
    """A quote as an inline result; choosing it pastes the bot's own message."""
    quote = hit.quote
    start, end = quote.highlight
    sentence = quote.text[start:end] or quote.text
    line = f"{truncate(quote.citation.line, _TITLE)}\n{' '.join(sentence.split())}"
    return _article(quote.passage_id, quote.citation.title, line, render_quote(quote))


def _article(name: str, title: str, description: str, html: str) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=hashlib.sha256(name.encode()).hexdigest()[:32],
        title=truncate(title, _TITLE),
        description=truncate(description, _DESCRIPTION),
        input_message_content=InputTextMessageContent(html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW),
    )
