"""
The administrators' button for the page of what was read of a document.

Format: h:u:id of the pending file, or h:a:answer id:position of the document in the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.messages.texts import Texts

PREFIX = "h"
UPLOAD, ANSWER = "u", "a"
_SIGN = "🔎"


def upload_button(number: str, texts: Texts) -> InlineKeyboardButton:
    """The button below the report on a pending file."""
    return InlineKeyboardButton(
        f"{_SIGN} {texts.administration.html_page}", callback_data=f"{PREFIX}:{UPLOAD}:{number}"
    )


def documents_row(answer_id: str, numbers: Sequence[int]) -> list[InlineKeyboardButton]:
    """One button for each listed document, labelled with its number in the list."""
    return [
        InlineKeyboardButton(f"{_SIGN} {number}", callback_data=f"{PREFIX}:{ANSWER}:{answer_id}:{place}")
        for place, number in enumerate(numbers)
    ]
