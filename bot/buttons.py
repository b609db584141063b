"""
Buttons: what stands below an answer, and what a press does.

A button carries the short id of an answer and a position in it, both of which outlive the program: a press under an
old message finds its passage in the state file, not in memory. Format: verb:answer id:position:step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.delivery import answer, edit, send, typing
from bot.errors import Unavailable
from bot.incident import Incidents
from bot.language import words_of
from bot.library import Library
from bot.page import QUOTES, further_page
from bot.paragraph import MOST, paragraph_messages
from bot.render import cut, is_excerpt, render_quote
from bot.state import Shown, State
from bot.words import Words
from retrieval.errors import StaleQuote, UnknownPassage

STEP, VIEW, WHOLE, MORE, ENTIRE = "s", "v", "d", "m", "e"  # s makes a new message, v edits the one it stands under
PATTERN = rf"^[{STEP}{VIEW}{WHOLE}{MORE}{ENTIRE}]:[\w-]{{1,16}}:\d{{1,3}}:-?\d{{1,6}}$"
_CAPTION = 1024  # units


def under_answer(
    answer_id: str, shown: Sequence[int], held: int, words: Words, *, excerpts: Collection[int] = ()
) -> InlineKeyboardMarkup:
    """
    For each quote the paragraph before, the one after, its document, and the whole paragraph where it is an excerpt;
    below them what is held ready.
    """
    rows = [
        [
            _button(f"◀ {place + 1}", STEP, answer_id, place, -1),
            _button(f"{place + 1} ▶", STEP, answer_id, place, +1),
            _button(f"📄 {place + 1}", WHOLE, answer_id, place),
            *([_button(f"¶ {place + 1}", ENTIRE, answer_id, place)] if place in excerpts else []),
        ]
        for place in shown
    ]
    following = shown[-1] + 1
    more = [[_button(words.more, MORE, answer_id, following)]] if following < held else []
    return InlineKeyboardMarkup([*rows, *more])


def under_paragraph(
    answer_id: str, place: int, step: int, words: Words, *, excerpt: bool = False
) -> InlineKeyboardMarkup:
    """Below a paragraph that is `step` away from the quote it was opened from."""
    entire = [_button(f"¶ {words.upkeep.entire}", ENTIRE, answer_id, place, step)] if excerpt else []
    return InlineKeyboardMarkup(
        [
            [
                _button(words.previous, VIEW, answer_id, place, step - 1),
                _button(words.next, VIEW, answer_id, place, step + 1),
            ],
            [_button(f"📄 {words.whole}", WHOLE, answer_id, place), *entire],
        ]
    )


def documents_row(answer_id: str, count: int) -> list[InlineKeyboardButton]:
    """One button for each of a list's documents."""
    return [_button(f"📄 {place + 1}", WHOLE, answer_id, place) for place in range(count)]


class Buttons:
    """The handler of presses."""

    def __init__(self, library: Library, state: State, incidents: Incidents) -> None:
        self._library = library
        self._state = state
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
            await answer(query, words.old_button)
            return
        try:
            async with typing(context.bot, message.chat.id):
                said = await self._do(verb, message, shown, answer_id, int(place), int(step), words)
        except (StaleQuote, UnknownPassage):
            said = words.no_file if verb == WHOLE else words.changed
        except Unavailable as error:
            code = self._incidents.record(error, "following a button")
            await self._incidents.alarm(context.bot, code)
            said = words.down.format(code=code)
        await answer(query, said)

    async def nothing(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A press that no handler knows."""
        if update.callback_query:
            await answer(update.callback_query, words_of(update).old_button)

    async def _do(
        self,
        verb: str,
        message: MaybeInaccessibleMessage,
        shown: Sequence[Shown],
        answer_id: str,
        place: int,
        step: int,
        words: Words,
    ) -> str:
        """What to tell the one who pressed, "" if the message says it all."""
        if verb == MORE:
            return await self._more(message, shown, answer_id, place, words)
        if verb == WHOLE:
            return await self._whole(message, shown[place])
        if verb == ENTIRE:
            return await self._entire(message, shown[place], step, words)
        quote = await self._library.neighbour(shown[place].passage_id, step)
        if quote is None:
            return words.no_previous if step < 0 else words.no_next
        keyboard = under_paragraph(answer_id, place, step, words, excerpt=is_excerpt(quote))
        if verb == VIEW:
            await edit(message.get_bot(), message, render_quote(quote), keyboard)
        else:
            await send(
                message.get_bot(), message.chat.id, render_quote(quote), to=message.message_id, keyboard=keyboard
            )
        return ""

    async def _more(
        self, message: MaybeInaccessibleMessage, shown: Sequence[Shown], answer_id: str, start: int, words: Words
    ) -> str:
        quotes = await self._library.quotes(shown[start : start + QUOTES])
        if not quotes:
            return words.changed
        page = further_page(quotes, start)
        excerpts = {start + i for i, quote in enumerate(quotes) if is_excerpt(quote)}
        keyboard = under_answer(answer_id, page.shown, len(shown), words, excerpts=excerpts)
        await send(message.get_bot(), message.chat.id, page.html, to=message.message_id, keyboard=keyboard)
        if isinstance(message, Message) and message.is_accessible:
            await _drop_last_row(message)
        return ""

    async def _entire(self, message: MaybeInaccessibleMessage, shown: Shown, step: int, words: Words) -> str:
        """Sends the whole of a paragraph: of the quote itself, or of one `step` away from it."""
        quotes = (
            [await self._library.neighbour(shown.passage_id, step)] if step else await self._library.quotes([shown])
        )
        if not quotes or quotes[0] is None:
            return words.changed
        messages = paragraph_messages(quotes[0])
        if len(messages) > MOST:
            return words.upkeep.endless
        for html in messages:
            await send(message.get_bot(), message.chat.id, html, to=message.message_id)
        return ""

    async def _whole(self, message: MaybeInaccessibleMessage, shown: Shown) -> str:
        title, name, data = await self._library.file(shown.passage_id)
        await message.get_bot().send_document(message.chat.id, data, caption=cut(title, _CAPTION), filename=name)
        return ""


async def _drop_last_row(message: Message) -> None:
    """Takes "more" away from a message whose further results are shown."""
    rows = list(message.reply_markup.inline_keyboard) if message.reply_markup else []
    if rows and str(rows[-1][0].callback_data).startswith(f"{MORE}:"):
        with suppress(BadRequest):  # already done, or the message is too old to be edited
            await message.get_bot().edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(rows[:-1])
            )


def _button(label: str, verb: str, answer_id: str, place: int, step: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{answer_id}:{place}:{step}")
