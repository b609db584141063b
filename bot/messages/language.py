"""
Choose a reader's language: English for English Telegram clients, else Vietnamese.
"""

from __future__ import annotations

from telegram import Update, User

from bot.messages.en import EN
from bot.messages.texts import Texts
from bot.messages.vi import VI


def texts_for(user: User | None) -> Texts:
    """The texts for a user."""
    return EN if user and (user.language_code or "").lower().startswith("en") else VI


def texts_of(update: Update) -> Texts:
    """The texts for the sender of an update; groups get Vietnamese."""
    chat = update.effective_chat
    return VI if chat and chat.type != "private" else texts_for(update.effective_user)
