"""
Presses of the buttons below answers and paragraphs.

What a press asks for is looked up first; then the press is confirmed, and only then is anything sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from telegram import MaybeInaccessibleMessage, Message, Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.conversation.further_places import FurtherPlaces
from bot.conversation.keyboards import (
    CONTEXT,
    CONTEXT_LIMIT,
    DOCUMENT,
    MORE,
    OPEN,
    PAGE,
    PARAGRAPH,
    TURN,
    VIEW,
    context_keyboard,
    paragraph_keyboard,
)
from bot.errors import FileTooLargeError, PageImageError, UnavailableError
from bot.messages.answer_message import QUOTES
from bot.messages.context_message import context_message
from bot.messages.language import texts_of
from bot.messages.long_paragraph import paragraph_messages
from bot.messages.quote_html import render_quote, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.page_images import PageImages
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.state import AnswerSummary, BotState, StoredPassage
from bot.transport.delivery import answer_callback_query, edit, send, send_document, send_photo, typing
from bot.transport.repeated_presses import RepeatedPresses
from retrieval import Quote, StaleQuote, UnknownPassage

_EDITING = (VIEW, TURN, OPEN)  # pressed again, they change nothing
_UNRATED = AnswerSummary("found", 0.0, QUOTES)  # of an answer from before answers could be rated
_LINE = 300  # UTF-16 units of a title and of a citation; both fit a caption

Sending = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """What a pressed button carries, its message, and what its presser may see."""

    verb: str
    answer_id: str
    place: int
    step: int
    message: MaybeInaccessibleMessage
    passages: Sequence[StoredPassage]
    texts: Texts
    rights: Callable[[], VisibleCollections]

    @property
    def within(self) -> VisibleCollections:
        """What the presser may see now: access can be withdrawn while a press waits."""
        return self.rights()

    @property
    def passage(self) -> StoredPassage:
        """The passage that the button stands for."""
        return self.passages[self.place]

    @property
    def reply(self) -> Callable[..., Awaitable[Message]]:
        """Sends HTML in reply to the message."""
        return partial(send, self.message.get_bot(), self.message.chat.id, to=self.message.message_id)

    @property
    def edit(self) -> Callable[..., Awaitable[None]]:
        """Writes HTML in place of the message."""
        return partial(edit, self.message.get_bot(), self.message)


class Buttons:
    """Handles presses of the buttons below answers."""

    def __init__(
        self, search: SearchService, page_images: PageImages, state: BotState, access: Access, incidents: Incidents
    ) -> None:
        self._search = search
        self._page_images = page_images
        self._state = state
        self._access = access
        self._incidents = incidents
        self._repeated = RepeatedPresses()

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press; it is answered whatever happens."""
        query, texts = update.callback_query, texts_of(update)
        if query is None:
            return
        message = query.message  # Telegram omits the contents of a very old message
        verb, answer_id, place, step = (query.data or ":::").split(":")
        passages = self._state.passages_of(answer_id)
        if passages is None or message is None or not 0 <= int(place) < len(passages):
            await answer_callback_query(query, texts.old_button, alert=True)
            return
        pressed = (message.chat.id, message.message_id, query.data or "")
        if verb not in _EDITING and self._repeated.is_repeated(pressed):
            await answer_callback_query(query)
            return
        rights = partial(self._access.visible_collections, update)
        press = ButtonPress(verb, answer_id, int(place), int(step), message, passages, texts, rights)
        async with typing(context.bot, message.chat.id):
            found = await self._look_up(press, context)
            if isinstance(found, str):
                await answer_callback_query(query, found, alert=True)
                return
            await answer_callback_query(query)
            await found()
        self._repeated.record(pressed)

    async def unknown(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a press that no handler knows."""
        if update.callback_query:
            await answer_callback_query(update.callback_query, texts_of(update).old_button, alert=True)

    async def _look_up(self, press: ButtonPress, context: ContextTypes.DEFAULT_TYPE) -> str | Sending:
        """What a press sends, or the notice that says why it sends nothing."""
        texts, within = press.texts, press.within
        try:
            found = await self._find(press)
        except (StaleQuote, UnknownPassage):
            return texts.no_file if press.verb == DOCUMENT else texts.changed
        except PageImageError:
            return texts.no_page_image
        except FileTooLargeError:
            return texts.large_file
        except UnavailableError as error:
            code = self._incidents.record(error, "following a button")
            await self._incidents.alarm(context.bot, code, error)
            return texts.down.format(code=code)
        return found if press.within == within else texts.changed

    async def _find(self, press: ButtonPress) -> str | Sending:
        if press.verb in (OPEN, MORE):
            return await self._further_place(press)
        if press.verb == DOCUMENT:
            return await self._document(press)
        if press.verb == PARAGRAPH:
            return await self._whole_paragraph(press)
        if press.verb == PAGE:
            return await self._pages(press)
        if press.verb in (CONTEXT, TURN):
            return await self._context(press)
        return await self._single_paragraph(press)

    async def _further_place(self, press: ButtonPress) -> str | Sending:
        """A further place, in the answer's message or, for old buttons, a new one."""
        summary, texts = self._state.summary_of(press.answer_id) or _UNRATED, press.texts
        quotes = await self._search.quotes(press.passages, within=press.within)
        further = FurtherPlaces(press.answer_id, summary, press.passages, quotes)
        if press.verb == OPEN and press.place < summary.shown:
            made = further.close(press.message, texts)
            return partial(press.edit, made.html, made.keyboard) if made else texts.old_button
        place = further.next_from(press.place) if press.step or press.verb == MORE else press.place
        made = further.open(place, press.message, texts, is_new=press.verb == MORE) if place is not None else None
        if made is None:
            return texts.changed
        if made.is_new:
            return partial(press.reply, made.html, keyboard=made.keyboard)
        return partial(press.edit, made.html, made.keyboard)

    async def _context(self, press: ButtonPress) -> str | Sending:
        """A paragraph between its neighbours."""
        quote = await self._quote_at_step(press)
        if quote is None:
            return _no_further(press)
        before, after = [await self._neighbour(press, press.step + side) for side in (-1, 1)]
        html = context_message(before, quote, after, limit=CONTEXT_LIMIT)
        keyboard = context_keyboard(press.answer_id, press.place, press.step, quote, press.texts)
        return (
            partial(press.edit, html, keyboard) if press.verb == TURN else partial(press.reply, html, keyboard=keyboard)
        )

    async def _single_paragraph(self, press: ButtonPress) -> str | Sending:
        """One paragraph, as the buttons of old messages show it."""
        quote = await self._neighbour(press, press.step)
        if quote is None:
            return _no_further(press)
        keyboard = paragraph_keyboard(press.answer_id, press.place, press.step, quote, press.texts)
        html = render_quote(quote)
        return (
            partial(press.edit, html, keyboard) if press.verb == VIEW else partial(press.reply, html, keyboard=keyboard)
        )

    async def _whole_paragraph(self, press: ButtonPress) -> str | Sending:
        quote = await self._quote_at_step(press)
        if quote is None:
            return press.texts.changed
        messages = paragraph_messages(quote)
        return partial(_send_all, press, messages) if messages else press.texts.administration.paragraph_too_long

    async def _pages(self, press: ButtonPress) -> str | Sending:
        """Images of the pages that hold a paragraph."""
        quote = await self._quote_at_step(press)
        if quote is None:
            return press.texts.changed
        if quote.citation.kept:
            return press.texts.retained
        within, texts = press.within, press.texts
        pictures = await self._page_images.draw(quote, within=within)

        async def send_pictures() -> None:
            for picture in pictures:
                if press.within != within:  # access may have changed while this waited
                    return
                about = [truncate(quote.citation.title, _LINE), truncate(quote.citation.line, _LINE)]
                about += [texts.page_number.format(page=picture.page)] if len(pictures) > 1 else []
                about += [] if picture.marked else [texts.not_marked]
                await send_photo(
                    press.message.get_bot(),
                    press.message.chat.id,
                    picture.png,
                    "\n".join(about),
                    name=f"{picture.page}.png",
                    to=press.message.message_id,
                )

        return send_pictures

    async def _document(self, press: ButtonPress) -> Sending:
        """The file of a passage's document."""
        title, name, data = await self._search.file(press.passage.passage_id, within=press.within)
        message = press.message
        return partial(send_document, message.get_bot(), message.chat.id, data, title, name=name, to=message.message_id)

    async def _quote_at_step(self, press: ButtonPress) -> Quote | None:
        """The quote a button refers to: the one shown, unchanged, or one `step` away."""
        if press.step:
            return await self._neighbour(press, press.step)
        [quote] = await self._search.quotes([press.passage], within=press.within)
        return quote

    async def _neighbour(self, press: ButtonPress, step: int) -> Quote | None:
        return await self._search.neighbour(press.passage.passage_id, step, within=press.within)


def _no_further(press: ButtonPress) -> str:
    """Why there is no paragraph at a step."""
    texts = press.texts
    return texts.no_previous if press.step < 0 else texts.no_next if press.step else texts.changed


async def _send_all(press: ButtonPress, messages: Sequence[str]) -> None:
    for html in messages:
        await press.reply(html)
