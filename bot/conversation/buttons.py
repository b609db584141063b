"""
Buttons: what stands below an answer, and what a press does.

A button carries the short id of an answer and a position in it, both of which outlive the program: a press under an
old message finds its passage in the state file, not in memory. Format: verb:answer id:position:step.
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
from bot.errors import LargeFile, Unavailable, Undrawn
from bot.messages.answer_message import QUOTES, further_page
from bot.messages.language import words_of
from bot.messages.long_paragraph import paragraph_messages
from bot.messages.quote_html import cut, is_excerpt, render_quote
from bot.messages.texts import Words
from bot.operations.incidents import Incidents
from bot.search.page_images import Drawing
from bot.search.search_service import Library
from bot.settings.visibility import Within
from bot.storage.state import Shown, State
from bot.transport.delivery import CAPTION, confirm, edit, send, send_photo, typing
from retrieval.answering.quote import Quote
from retrieval.errors import StaleQuote, UnknownPassage

STEP, VIEW = "s", "v"  # s makes a new message, v edits the one it stands under
WHOLE, MORE, ENTIRE, PAGE = "d", "m", "e", "p"
PATTERN = rf"^[{STEP}{VIEW}{WHOLE}{MORE}{ENTIRE}{PAGE}]:[\w-]{{1,16}}:\d{{1,3}}:-?\d{{1,6}}\Z"
_LINE = 300  # units of a title and of a citation below a picture, which takes CAPTION in all


def under_answer(answer_id: str, shown: Mapping[int, Quote], held: int, words: Words) -> InlineKeyboardMarkup:
    """
    For each quote by its place the paragraph before, the one after, its document, the whole paragraph where it is an
    excerpt, and its page where there is one; below them what is held ready.
    """
    rows = [
        [
            _button(f"◀ {place + 1}", STEP, answer_id, place, -1),
            _button(f"{place + 1} ▶", STEP, answer_id, place, +1),
            _button(f"📄 {place + 1}", WHOLE, answer_id, place),
            *([_button(f"¶ {place + 1}", ENTIRE, answer_id, place)] if is_excerpt(quote) else []),
            *([_button(f"🖼 {place + 1}", PAGE, answer_id, place)] if quote.citation.page else []),
        ]
        for place, quote in shown.items()
    ]
    following = max(shown) + 1
    more = [[_button(words.more, MORE, answer_id, following)]] if following < held else []
    return InlineKeyboardMarkup([*rows, *more])


def under_paragraph(answer_id: str, place: int, step: int, quote: Quote, words: Words) -> InlineKeyboardMarkup:
    """Below a paragraph that is `step` away from the quote it was opened from."""
    entire = [_button(f"¶ {words.upkeep.entire}", ENTIRE, answer_id, place, step)] if is_excerpt(quote) else []
    page = [_button(f"🖼 {words.page}", PAGE, answer_id, place, step)] if quote.citation.page else []
    return InlineKeyboardMarkup(
        [
            [
                _button(words.previous, VIEW, answer_id, place, step - 1),
                _button(words.next, VIEW, answer_id, place, step + 1),
            ],
            [_button(f"📄 {words.whole}", WHOLE, answer_id, place), *entire, *page],
        ]
    )


def documents_row(answer_id: str, numbers: Sequence[int]) -> list[InlineKeyboardButton]:
    """One button for each of an answer's documents, labelled with its number in the list."""
    return [_button(f"📄 {number}", WHOLE, answer_id, place) for place, number in enumerate(numbers)]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button carries, and what whoever pressed it there may see."""

    verb: str
    answer_id: str
    place: int
    step: int
    rights: Callable[[], Within]

    @property
    def within(self) -> Within:
        """What they may see now; a moment ago it may have been more."""
        return self.rights()


class Buttons:
    """The handler of presses."""

    def __init__(self, library: Library, drawing: Drawing, state: State, access: Access, incidents: Incidents) -> None:
        self._library = library
        self._drawing = drawing
        self._state = state
        self._access = access
        self._incidents = incidents

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Does what the button under a message says; whatever happens, the press is answered."""
        query = update.callback_query
        if query is None:
            return
        words, message = words_of(update), query.message  # a very old message comes without its contents
        verb, answer_id, place, step = (query.data or ":::").split(":")
        shown = self._state.shown(answer_id)
        if shown is None or message is None or not 0 <= int(place) < len(shown):
            await confirm(query, words.old_button, alert=True)
            return
        try:
            async with typing(context.bot, message.chat.id):
                what = Pressed(verb, answer_id, int(place), int(step), partial(self._access.within, update))
                said = await self._do(what, message, shown, words)
        except (StaleQuote, UnknownPassage):
            said = words.no_file if verb == WHOLE else words.changed
        except Undrawn:
            said = words.undrawn
        except LargeFile:
            said = words.large_file
        except Unavailable as error:
            code = self._incidents.record(error, "following a button")
            await self._incidents.alarm(context.bot, code, error)
            said = words.down.format(code=code)
        await confirm(query, said, alert=True)

    async def nothing(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A press that no handler knows."""
        if update.callback_query:
            await confirm(update.callback_query, words_of(update).old_button, alert=True)

    async def _do(self, what: Pressed, message: MaybeInaccessibleMessage, shown: Sequence[Shown], words: Words) -> str:
        """What to tell the one who pressed, "" if the message says it all."""
        passage = shown[what.place]
        if what.verb == MORE:
            return await self._more(what, message, shown, words)
        if what.verb == WHOLE:
            return await self._whole(what, message, passage)
        if what.verb == ENTIRE:
            return await self._entire(what, message, passage, words)
        if what.verb == PAGE:
            return await self._page(what, message, passage, words)
        quote = await self._library.neighbour(passage.passage_id, what.step, within=what.within)
        if quote is None:
            return words.no_previous if what.step < 0 else words.no_next
        keyboard = under_paragraph(what.answer_id, what.place, what.step, quote, words)
        if what.verb == VIEW:
            await edit(message.get_bot(), message, render_quote(quote), keyboard)
        else:
            await send(
                message.get_bot(), message.chat.id, render_quote(quote), to=message.message_id, keyboard=keyboard
            )
        return ""

    async def _more(
        self, what: Pressed, message: MaybeInaccessibleMessage, shown: Sequence[Shown], words: Words
    ) -> str:
        quotes = await self._library.quotes(shown, within=what.within)
        places = [place for place, quote in enumerate(quotes) if quote and place >= what.place]
        if not places:
            return words.changed
        # Neighbours only, so that the numbers of a page are the places that its buttons carry.
        run = [quote for quote in takewhile(bool, quotes[places[0] :]) if quote]
        page = further_page(run[:QUOTES], places[0])
        on_page = {place: run[place - places[0]] for place in page.shown}
        keyboard = under_answer(what.answer_id, on_page, places[-1] + 1, words)
        await send(message.get_bot(), message.chat.id, page.html, to=message.message_id, keyboard=keyboard)
        if isinstance(message, Message) and message.is_accessible:
            await _drop_more(message)
        return ""

    async def _entire(self, what: Pressed, message: MaybeInaccessibleMessage, shown: Shown, words: Words) -> str:
        """Sends the whole of a paragraph."""
        quote = await self._stepped(what, shown)
        if quote is None:
            return words.changed
        messages = paragraph_messages(quote)
        if not messages:
            return words.upkeep.endless
        for html in messages:
            await send(message.get_bot(), message.chat.id, html, to=message.message_id)
        return ""

    async def _page(self, what: Pressed, message: MaybeInaccessibleMessage, shown: Shown, words: Words) -> str:
        """Sends the pages on which a paragraph stands as pictures."""
        quote = await self._stepped(what, shown)
        if quote is None:
            return words.changed
        if quote.citation.kept:
            return words.kept
        within = what.within
        pictures = await self._drawing.pictures(quote, within=within)
        for picture in pictures:
            if what.within != within:  # it may have waited for its turn, or for the picture before
                return words.changed
            about = [cut(quote.citation.title, _LINE), cut(quote.citation.line, _LINE)]
            about += [words.page_number.format(page=picture.page)] if len(pictures) > 1 else []
            about += [] if picture.marked else [words.unmarked]
            await send_photo(
                message.get_bot(),
                message.chat.id,
                picture.png,
                "\n".join(about),
                name=f"{picture.page}.png",
                to=message.message_id,
            )
        return ""

    async def _stepped(self, what: Pressed, shown: Shown) -> Quote | None:
        """The quote that a button means: the one that was shown, as it was then, or one `step` away from it."""
        if what.step:
            return await self._library.neighbour(shown.passage_id, what.step, within=what.within)
        [quote] = await self._library.quotes([shown], within=what.within)
        return quote

    async def _whole(self, what: Pressed, message: MaybeInaccessibleMessage, shown: Shown) -> str:
        """Sends the file of a passage's document."""
        title, name, data = await self._library.file(shown.passage_id, within=what.within)
        await message.get_bot().send_document(message.chat.id, data, caption=cut(title, CAPTION), filename=name)
        return ""


async def _drop_more(message: Message) -> None:
    """Takes "more" away from a message whose further results are shown."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    kept = [row for row in rows if not str(row[0].callback_data).startswith(f"{MORE}:")]
    if len(kept) < len(rows):
        with suppress(TelegramError):  # a further try would send the results again
            await message.get_bot().edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(kept)
            )


def _button(label: str, verb: str, answer_id: str, place: int, step: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{answer_id}:{place}:{step}")
