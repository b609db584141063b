"""
The buttons below answers and paragraphs.

A button carries an answer's short id and a position in the answer, so a press under an old message finds its passage
in the state, even after a restart. Format: verb:answer id:position:step.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.copy_text import copy_text
from bot.messages.quote_html import EXCERPT, is_excerpt
from bot.messages.texts import Texts
from bot.search.search_service import MAX_QUOTES
from retrieval import Quote

STEP, VIEW = "s", "v"  # under old messages: one paragraph in a new message, or in place of its own
DOCUMENT, MORE, PARAGRAPH, PAGE = "d", "m", "e", "p"  # MORE only under old messages
CONTEXT, TURN = "c", "w"  # a paragraph between its neighbours: in a new message, or in place of its own
OPEN = "o"  # opens a further place in its message; position 0 closes it
OR_NEXT = 1  # the step of OPEN that opens the next place where this one cannot be shown any more
_VERBS = f"{STEP}{VIEW}{DOCUMENT}{MORE}{PARAGRAPH}{PAGE}{CONTEXT}{TURN}{OPEN}"
PATTERN = rf"^[{_VERBS}]:[\w-]{{1,16}}:\d{{1,3}}:-?\d{{1,6}}\Z"
CONTEXT_LIMIT = 1800  # UTF-16 units of the paragraph that stands between its neighbours

Row = list[InlineKeyboardButton]


def answer_rows(answer_id: str, shown: int, held: int, texts: Texts) -> list[Row]:
    """The row of an answer that shows `shown` of its `held` quotes."""
    others = [_button(texts.others, OPEN, answer_id, shown, OR_NEXT)] if shown < held else []
    return [[*_source_buttons(answer_id, 0, texts), *others]]


def opened_rows(answer_id: str, opened: int, places: Sequence[int], texts: Texts) -> list[Row]:
    """The rows below an open place: what it leads to, and the others' numbers."""
    numbers = [
        _button(f"▾ {place + 1}", OPEN, answer_id, 0)
        if place == opened
        else _button(f"{place + 1}", OPEN, answer_id, place)
        for place in places
    ]
    close = _button(texts.close, OPEN, answer_id, 0)
    return [[*_source_buttons(answer_id, opened, texts), close], numbers[:MAX_QUOTES]]


def copy_button(quote: Quote, texts: Texts) -> Row:
    """A button that copies a quote's answering sentence with its citation, if that fits."""
    copied = copy_text(quote)
    return [InlineKeyboardButton(f"📋 {texts.copy}", copy_text=CopyTextButton(copied))] if copied else []


def context_keyboard(answer_id: str, place: int, step: int, quote: Quote, texts: Texts) -> InlineKeyboardMarkup:
    """The keyboard of a paragraph between its neighbours, `step` away from the quote."""
    return _turning(TURN, answer_id, place, step, quote, texts, limit=CONTEXT_LIMIT)


def paragraph_keyboard(answer_id: str, place: int, step: int, quote: Quote, texts: Texts) -> InlineKeyboardMarkup:
    """The keyboard of a single paragraph, which buttons of old messages lead to."""
    return _turning(VIEW, answer_id, place, step, quote, texts)


def documents_row(answer_id: str, numbers: Sequence[int]) -> Row:
    """One button for each listed document, labelled with its number in the list."""
    return [_button(f"📄 {number}", DOCUMENT, answer_id, place) for place, number in enumerate(numbers)]


def nearest_row(answer_id: str, places: Sequence[int]) -> Row:
    """
    One button for each of the nearest documents, numbered as listed.

    `places`: of their quotes.
    """
    return [_button(f"📄 {number}", DOCUMENT, answer_id, place) for number, place in enumerate(places, 1)]


def _turning(
    verb: str, answer_id: str, place: int, step: int, quote: Quote, texts: Texts, *, limit: int = EXCERPT
) -> InlineKeyboardMarkup:
    entire = (
        [_button(f"¶ {texts.administration.whole_paragraph}", PARAGRAPH, answer_id, place, step)]
        if is_excerpt(quote, limit)
        else []
    )
    page = [_button(f"🖼 {texts.page}", PAGE, answer_id, place, step)] if quote.citation.page else []
    return InlineKeyboardMarkup(
        [
            [
                _button(texts.previous, verb, answer_id, place, step - 1),
                _button(texts.next, verb, answer_id, place, step + 1),
            ],
            [_button(f"📄 {texts.whole}", DOCUMENT, answer_id, place), *entire, *page],
        ]
    )


def _source_buttons(answer_id: str, place: int, texts: Texts) -> Row:
    """The document and context of a quote, numbered unless it is the first."""
    number = f" {place + 1}" if place else ""
    return [
        _button(f"📄 {texts.document}{number}", DOCUMENT, answer_id, place),
        _button(f"⤢ {texts.context}{number}", CONTEXT, answer_id, place),
    ]


def _button(label: str, verb: str, answer_id: str, place: int, step: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"{verb}:{answer_id}:{place}:{step}")
