"""
The 👍 and 👎 buttons below an answer, and the reasons for a 👎.

Pressing one stores the rating and changes only the message's keyboard, which shows what was pressed. Format:
r:answer id:rating, and r:answer id:down:reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import dropwhile
from typing import cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.messages.language import texts_of
from bot.messages.texts import Texts
from bot.storage.ratings import REASONS, Rating, Ratings, Reason
from bot.transport.delivery import answer_callback_query

_VERB = "r"
_UP, _DOWN = "👍", "👎"
PATTERN = rf"^{_VERB}:[\w-]{{1,16}}:(up|down|down:({'|'.join(REASONS)}))\Z"

Rows = Sequence[Sequence[InlineKeyboardButton]]


def rating_keyboard(
    answer_id: str, rows: Rows = (), beside: Sequence[InlineKeyboardButton] = ()
) -> InlineKeyboardMarkup:
    """An answer's keyboard with the rating buttons in its last row, before the `beside` ones."""
    return InlineKeyboardMarkup([*rows, [_button(_UP, answer_id, "up"), _button(_DOWN, answer_id, "down"), *beside]])


def rating_rows(message: Message) -> Rows:
    """The row of ratings below a message and those below it, as they are now."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return [*dropwhile(lambda row: not any(map(_is_rating, row)), rows)]


class Feedback:
    """Handles ratings."""

    def __init__(self, ratings: Ratings) -> None:
        self._ratings = ratings

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Store and confirm a rating or its reason; ask for a 👎's reason."""
        query, texts = update.callback_query, texts_of(update)
        if query is None or query.data is None:
            return
        answer_id, rating, *reasons = query.data.split(":")[1:]
        reason = cast("Reason", reasons[0]) if reasons else None  # PATTERN admits nothing else
        outcome = self._ratings.rate(answer_id, query.from_user.id, cast("Rating", rating), reason)
        if outcome is None:
            await answer_callback_query(query, texts.old_button)
            return
        blames = rating == "down" and outcome != "none"  # without a quote there is none to give a reason about
        asks = blames and reason is None
        await answer_callback_query(
            query, texts.thanks if rating == "up" else texts.ask_reason if asks else texts.noted
        )
        if isinstance(query.message, Message) and query.message.is_accessible:
            tally = self._ratings.tally(answer_id)
            await _show_rating(query.message, tally, _reasons(answer_id, texts) if asks else [])


async def _show_rating(message: Message, tally: tuple[int, int], reasons: Rows) -> None:
    """Mark the rating buttons below a message, and replace the reasons below its own buttons."""
    old = message.reply_markup.inline_keyboard if message.reply_markup else ()
    kept = [[_marked(button, tally) for button in row] for row in old if not any(map(_is_reason, row))]
    rows = [*kept, *reasons]
    if not old or rows == [[*row] for row in old]:
        return
    with suppress(BadRequest):  # a concurrent press, or the message is too old to edit
        await message.get_bot().edit_message_reply_markup(
            message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(rows)
        )


def _reasons(answer_id: str, texts: Texts) -> Rows:
    labels = dict(texts.reasons)
    return [[_button(labels[reason], answer_id, "down", reason)] for reason in REASONS]


def _marked(button: InlineKeyboardButton, tally: tuple[int, int]) -> InlineKeyboardButton:
    """A rating button that shows whether somebody pressed it, and how many did if several."""
    if not _is_rating(button):
        return button
    sign, count = (_UP, tally[0]) if str(button.callback_data).endswith(":up") else (_DOWN, tally[1])
    mark = f" ✓{count if count > 1 else ''}" if count else ""
    return InlineKeyboardButton(f"{sign}{mark}", callback_data=button.callback_data)


def _is_rating(button: InlineKeyboardButton) -> bool:
    return str(button.callback_data).startswith(f"{_VERB}:")


def _is_reason(button: InlineKeyboardButton) -> bool:
    return _is_rating(button) and str(button.callback_data).count(":") == 3


def _button(label: str, *parts: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=":".join((_VERB, *parts)))
