"""
/quyenriengtu: what the bot keeps of people, as the settings in force have it.
"""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

from bot.messages.language import texts_of
from bot.messages.texts import Texts
from bot.storage.access_requests import REQUEST_DAYS
from bot.storage.retention import ROWS
from bot.transport.delivery import send


class Privacy:
    """
    Handles /quyenriengtu.

    Args:
        keep: whether the text of questions is stored.
        days: how long it is.
    """

    def __init__(self, *, keep: bool, days: int) -> None:
        self._keep = keep
        self._days = days

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/quyenriengtu`: what is kept, for how long, who sees it, and how it is deleted."""
        if update.message:
            html = privacy_html(texts_of(update), keep=self._keep, days=self._days)
            await send(context.bot, update.message.chat.id, html)


def privacy_html(texts: Texts, *, keep: bool, days: int) -> str:
    """The notice for these settings."""
    words = texts.privacy
    questions = words.questions_kept.format(days=days) if keep else words.questions_not_kept.format(days=days)
    reports = words.reports_with_questions if keep else words.reports_without_questions
    return words.notice_html.format(questions=questions, reports=reports, days=days, rows=ROWS, requests=REQUEST_DAYS)
