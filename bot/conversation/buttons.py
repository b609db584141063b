"""
The buttons below an answer, and what pressing them does.

A button carries an answer's short id and a position in the answer, so a press under an old message finds its passage
in the state file, even after a restart. Format: verb:answer id:position:step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import FileTooLargeError, PageImageError, UnavailableError
from bot.messages.answer_message import QUOTES, further_message
from bot.messages.language import texts_of
from bot.messages.long_paragraph import paragraph_messages
from bot.messages.quote_html import is_excerpt, render_quote, truncate
from bot.messages.texts import Texts
from bot.operations.incidents import Incidents
from bot.search.page_images import PageImages
from bot.search.search_service import SearchService
from bot.settings.visibility import VisibleCollections
from bot.storage.state import StateFile, StoredPassage
from bot.transport.delivery import CAPTION, answer_callback_query, edit, send, send_photo, typing
from retrieval import Quote, StaleQuote, UnknownPassage

STEP, VIEW = "s", "v"  # "s" sends a new message, "v" edits its own
DOCUMENT, MORE, PARAGRAPH, PAGE = "d", "m", "e", "p"
PATTERN = rf"^[{STEP}{VIEW}{DOCUMENT}{MORE}{PARAGRAPH}{PAGE}]:[\w-]{{1,16}}:\d{{1,3}}:-?\d{{1,6}}\Z"
_LINE = 300  # UTF-16 units of a title and of a citation; both fit a caption of CAPTION units


def answer_keyboard(answer_id: str, shown: Mapping[int, Quote], held: int, texts: Texts) -> InlineKeyboardMarkup:
    """
    The keyboard of an answer: one row of buttons for each quote, then "more".

    A row holds the previous and the next paragraph, the document, the whole paragraph of an excerpt, and the page
    image where there is a page. `held` counts the stored quotes, shown or not.
    """
    rows = [
        [
            _button(f"◀ {place + 1}", STEP, answer_id, place, -1),
            _button(f"{place + 1} ▶", STEP, answer_id, place, +1),
            _button(f"📄 {place + 1}", DOCUMENT, answer_id, place),
            *([_button(f"¶ {place + 1}", PARAGRAPH, answer_id, place)] if is_excerpt(quote) else []),
            *([_button(f"🖼 {place + 1}", PAGE, answer_id, place)] if quote.citation.page else []),
        ]
        for place, quote in shown.items()
    ]
    following = max(shown) + 1
    more = [[_button(texts.more, MORE, answer_id, following)]] if following < held else []
    return InlineKeyboardMarkup([*rows, *more])


def paragraph_keyboard(answer_id: str, place: int, step: int, quote: Quote, texts: Texts) -> InlineKeyboardMarkup:
    """The keyboard of a paragraph `step` away from the quote it was opened from."""
    entire = (
        [_button(f"¶ {texts.administration.whole_paragraph}", PARAGRAPH, answer_id, place, step)]
        if is_excerpt(quote)
        else []
    )
    page = [_button(f"🖼 {texts.page}", PAGE, answer_id, place, step)] if quote.citation.page else []
    return InlineKeyboardMarkup(
        [
            [
                _button(texts.previous, VIEW, answer_id, place, step - 1),
                _button(texts.next, VIEW, answer_id, place, step + 1),
            ],
            [_button(f"📄 {texts.whole}", DOCUMENT, answer_id, place), *entire, *page],
        ]
    )


def documents_row(answer_id: str, numbers: Sequence[int]) -> list[InlineKeyboardButton]:
    """One button for each listed document, labelled with its number in the list."""
    return [_button(f"📄 {number}", DOCUMENT, answer_id, place) for place, number in enumerate(numbers)]


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """What a pressed button carries, and what its presser may see."""

    verb: str
    answer_id: str
    place: int
    step: int
    rights: Callable[[], VisibleCollections]

    @property
    def within(self) -> VisibleCollections:
        """What the presser may see now: access can be withdrawn while a press waits."""
        return self.rights()


class Buttons:
    """Handles presses of the buttons below answers."""

    def __init__(
        self, search: SearchService, page_images: PageImages, state: StateFile, access: Access, incidents: Incidents
    ) -> None:
        self._search = search
        self._page_images = page_images
        self._state = state
        self._access = access
        self._incidents = incidents

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press; it is answered whatever happens."""
        query = update.callback_query
        if query is None:
            return
        texts, message = texts_of(update), query.message  # Telegram omits the contents of a very old message
        verb, answer_id, place, step = (query.data or ":::").split(":")
        shown = self._state.passages_of(answer_id)
        if shown is None or message is None or not 0 <= int(place) < len(shown):
            await answer_callback_query(query, texts.old_button, alert=True)
            return
        try:
            async with typing(context.bot, message.chat.id):
                what = ButtonPress(
                    verb, answer_id, int(place), int(step), partial(self._access.visible_collections, update)
                )
                notice = await self._do(what, message, shown, texts)
        except (StaleQuote, UnknownPassage):
            notice = texts.no_file if verb == DOCUMENT else texts.changed
        except PageImageError:
            notice = texts.no_page_image
        except FileTooLargeError:
            notice = texts.large_file
        except UnavailableError as error:
            code = self._incidents.record(error, "following a button")
            await self._incidents.alarm(context.bot, code, error)
            notice = texts.down.format(code=code)
        await answer_callback_query(query, notice, alert=True)

    async def unknown(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a press that no handler knows."""
        if update.callback_query:
            await answer_callback_query(update.callback_query, texts_of(update).old_button, alert=True)

    async def _do(
        self, what: ButtonPress, message: MaybeInaccessibleMessage, shown: Sequence[StoredPassage], texts: Texts
    ) -> str:
        """Carry out a press; return the notice to show, "" for none."""
        passage = shown[what.place]
        if what.verb == MORE:
            return await self._send_more(what, message, shown, texts)
        if what.verb == DOCUMENT:
            return await self._send_document(what, message, passage)
        if what.verb == PARAGRAPH:
            return await self._send_paragraph(what, message, passage, texts)
        if what.verb == PAGE:
            return await self._send_pages(what, message, passage, texts)
        quote = await self._search.neighbour(passage.passage_id, what.step, within=what.within)
        if quote is None:
            return texts.no_previous if what.step < 0 else texts.no_next
        keyboard = paragraph_keyboard(what.answer_id, what.place, what.step, quote, texts)
        if what.verb == VIEW:
            await edit(message.get_bot(), message, render_quote(quote), keyboard)
        else:
            await send(
                message.get_bot(), message.chat.id, render_quote(quote), to=message.message_id, keyboard=keyboard
            )
        return ""

    async def _send_more(
        self, what: ButtonPress, message: MaybeInaccessibleMessage, shown: Sequence[StoredPassage], texts: Texts
    ) -> str:
        quotes = await self._search.quotes(shown, within=what.within)
        places = [place for place, quote in enumerate(quotes) if quote and place >= what.place]
        if not places:
            return texts.changed
        # Consecutive quotes only, so that the numbers in the message match the positions on its buttons.
        run = [quote for quote in takewhile(bool, quotes[places[0] :]) if quote]
        page = further_message(run[:QUOTES], places[0])
        on_page = {place: run[place - places[0]] for place in page.shown}
        keyboard = answer_keyboard(what.answer_id, on_page, places[-1] + 1, texts)
        await send(message.get_bot(), message.chat.id, page.html, to=message.message_id, keyboard=keyboard)
        if isinstance(message, Message) and message.is_accessible:
            await _drop_more(message)
        return ""

    async def _send_paragraph(
        self, what: ButtonPress, message: MaybeInaccessibleMessage, shown: StoredPassage, texts: Texts
    ) -> str:
        """Send a whole paragraph."""
        quote = await self._quote_at_step(what, shown)
        if quote is None:
            return texts.changed
        messages = paragraph_messages(quote)
        if not messages:
            return texts.administration.paragraph_too_long
        for html in messages:
            await send(message.get_bot(), message.chat.id, html, to=message.message_id)
        return ""

    async def _send_pages(
        self, what: ButtonPress, message: MaybeInaccessibleMessage, shown: StoredPassage, texts: Texts
    ) -> str:
        """Send images of the pages that hold a paragraph."""
        quote = await self._quote_at_step(what, shown)
        if quote is None:
            return texts.changed
        if quote.citation.kept:
            return texts.retained
        within = what.within
        pictures = await self._page_images.draw(quote, within=within)
        for picture in pictures:
            if what.within != within:  # access may have changed while this waited
                return texts.changed
            about = [truncate(quote.citation.title, _LINE), truncate(quote.citation.line, _LINE)]
            about += [texts.page_number.format(page=picture.page)] if len(pictures) > 1 else []
            about += [] if picture.marked else [texts.not_marked]
            await send_photo(
                message.get_bot(),
                message.chat.id,
                picture.png,
                "\n".join(about),
                name=f"{picture.page}.png",
                to=message.message_id,
            )
        return ""

    async def _quote_at_step(self, what: ButtonPress, shown: StoredPassage) -> Quote | None:
        """The quote a button refers to: the one shown, unchanged, or one `step` away."""
        if what.step:
            return await self._search.neighbour(shown.passage_id, what.step, within=what.within)
        [quote] = await self._search.quotes([shown], within=what.within)
        return quote

    async def _send_document(self, what: ButtonPress, message: MaybeInaccessibleMessage, shown: StoredPassage) -> str:
        """Send the file of a passage's document."""
        title, name, data = await self._search.file(shown.passage_id, within=what.within)
        await message.get_bot().send_document(message.chat.id, data, caption=truncate(title, CAPTION), filename=name)
        return ""


async def _drop_more(message: Message) -> None:
    """Remove the "more" button of a message whose further results have been sent."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    kept = [row for row in rows if not str(row[0].callback_data).startswith(f"{MORE}:")]
    if len(kept) < len(rows):
        with suppress(TelegramError):  # retrying would send the results twice
            await message.get_bot().edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(kept)
            )


def _button(label: str, verb: str, answer_id: str, place: int, step: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{answer_id}:{place}:{step}")
