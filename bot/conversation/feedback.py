"""
The 👍 and 👎 buttons below an answer, and the reasons for a 👎.

Pressing one stores the rating and changes only the message's keyboard. Format: r:answer id:rating, and
r:answer id:down:reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.messages.language import texts_of
from bot.messages.texts import Texts
from bot.storage.ratings import REASONS, Rating, Ratings, Reason
from bot.transport.delivery import answer_callback_query

_VERB = "r"
PATTERN = rf"^{_VERB}:[\w-]{{1,16}}:(up|down|down:({'|'.join(REASONS)}))\Z"

Rows = Sequence[Sequence[InlineKeyboardButton]]


def rating_keyboard(answer_id: str, rows: Rows = ()) -> InlineKeyboardMarkup:
    """An answer's keyboard with the rating buttons as its last row."""
    return InlineKeyboardMarkup([*rows, [_button("👍", answer_id, "up"), _button("👎", answer_id, "down")]])


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
            await _show_reasons(query.message, _reasons(answer_id, texts) if asks else [])


async def _show_reasons(message: Message, reasons: Rows) -> None:
    """Replace the reasons below a message's own buttons."""
    old = message.reply_markup.inline_keyboard if message.reply_markup else ()
    kept = [row for row in old if not any(_is_reason(button) for button in row)]
    rows = [*kept, *reasons]
    if not old or len(rows) == len(old):
        return
    with suppress(BadRequest):  # a concurrent press, or the message is too old to edit
        await message.get_bot().edit_message_reply_markup(
            message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(rows)
        )


def _reasons(answer_id: str, texts: Texts) -> Rows:
    labels = dict(texts.reasons)
    return [[_button(labels[reason], answer_id, "down", reason)] for reason in REASONS]


def _is_reason(button: InlineKeyboardButton) -> bool:
    return str(button.callback_data).startswith(f"{_VERB}:") and str(button.callback_data).count(":") == 3


def _button(label: str, *parts: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=":".join((_VERB, *parts)))
