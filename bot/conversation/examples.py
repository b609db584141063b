"""
The command /vidu: questions that the documents answer.
"""

from __future__ import annotations

from telegram import ReplyKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import UnavailableError
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.ratings import Ratings
from bot.transport.delivery import send

_EXAMPLES = 5


class Examples:
    """Suggests questions."""

    def __init__(self, search: SearchService, ratings: Ratings, access: Access, incidents: Incidents) -> None:
        self._search = search
        self._ratings = ratings
        self._access = access
        self._incidents = incidents

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """
        `/vidu`: questions that the documents answer, as buttons that ask them.

        First those that several readers found well answered, then some made from the documents.
        """
        message, texts = update.message, texts_of(update)
        if message is None:
            return
        keyboard, within = None, self._access.visible_collections(update)
        try:
            questions = await self._well_rated(within)
            made = await self._search.example_questions(_EXAMPLES, texts.example, within=within)
            questions = list(dict.fromkeys([*questions, *made]))[:_EXAMPLES]
            lines = [f"• <code>{escape(question)}</code>" for question in questions]
            html = "\n".join([escape(texts.examples), *lines]) if lines else escape(texts.no_examples)
            if questions and message.chat.type == "private":
                keyboard = ReplyKeyboardMarkup([[question] for question in questions], True, True)  # noqa: FBT003
        except UnavailableError as error:
            code = self._incidents.record(error, "finding examples")
            await self._incidents.alarm(context.bot, code, error)
            html = escape(texts.down.format(code=code))
        await send(context.bot, message.chat.id, html, keyboard=keyboard)

    async def _well_rated(self, within: VisibleCollections) -> list[str]:
        """The best rated questions whose passages may be seen."""
        rated = self._ratings.well_rated(_EXAMPLES)
        quotes = await self._search.quotes([first for _, first in rated], within=within) if rated else []
        return [question for (question, _), quote in zip(rated, quotes, strict=True) if quote]
