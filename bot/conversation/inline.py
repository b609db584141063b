"""
Inline queries: quotes offered while somebody types "@bot question" in any chat.

Every keystroke arrives as a query. Only a user's newest query is answered, and never at the expense of questions in
chats. Nothing is stored: Telegram itself forgets a query after some seconds.
"""

from __future__ import annotations

import hashlib

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import UnavailableError
from bot.messages.language import texts_for
from bot.messages.quote_html import render_quote, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.transport.delivery import NO_PREVIEW, answer_inline_query
from retrieval import Hit, QuestionError

RESULTS = 10
_LONGEST = 256  # characters of a query: Bot API, "InlineQuery"
_CACHED = 10  # seconds that Telegram may reuse the results for the same user; documents and access change
_TITLE = 100  # units; clients show one line
_DESCRIPTION = 200  # two lines


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
            answer = await self._search.ask_low_priority(text, RESULTS, within=within)
        except QuestionError:
            await answer_inline_query(query, (), button=texts.inline_ask)
        except UnavailableError as error:
            code = self._incidents.record(error, "offering quotes")
            await self._incidents.alarm(context.bot, code, error)
            await answer_inline_query(query, (), button=texts.inline_down)
        else:
            hits = () if answer.state == "none" else answer.hits[:RESULTS]
            await _offer_quotes(query, hits, texts)


async def _offer_quotes(query: InlineQuery, hits: tuple[Hit, ...], texts: Texts) -> None:
    if hits:
        await answer_inline_query(query, [quote_result(hit) for hit in hits], seconds=_CACHED)
    else:
        await answer_inline_query(query, (), button=texts.inline_none, seconds=_CACHED)


def quote_result(hit: Hit) -> InlineQueryResultArticle:
    """A quote as an inline result; choosing it pastes the bot's own message."""
    quote = hit.quote
    start, end = quote.highlight
    sentence = quote.text[start:end] or quote.text
    return InlineQueryResultArticle(
        id=hashlib.sha256(quote.passage_id.encode()).hexdigest()[:32],
        title=truncate(quote.citation.title, _TITLE),
        description=truncate(f"{truncate(quote.citation.line, _TITLE)}\n{' '.join(sentence.split())}", _DESCRIPTION),
        input_message_content=InputTextMessageContent(
            render_quote(quote), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
    )
