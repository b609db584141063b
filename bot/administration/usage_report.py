"""
The usage report of /baocao: a chart and its caption.
"""

from __future__ import annotations

import asyncio
import csv
import io

from telegram import Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.messages.language import texts_of
from bot.messages.quote_html import escape, truncate, utf16_length
from bot.messages.texts import Texts
from bot.storage.ratings import REASONS, RatingCounts, Ratings
from bot.storage.retention import ROWS
from bot.storage.usage import Period, Usage, UsageCounts
from bot.transport.delivery import CAPTION, send, send_photo

_DAYS = 7
_LISTED = 10  # questions, if the caption has room
_FILED = 10_000  # questions in the file
_FORMULA = frozenset("=+-@\t\r")  # what begins a formula in a spreadsheet
_QUESTION = 90  # UTF-16 units of one question


class UsageReport:
    """
    Handles /baocao.

    Args:
        keep: whether the text of questions is stored.
    """

    def __init__(self, usage: Usage, ratings: Ratings, access: Access, *, keep: bool) -> None:
        self._usage = usage
        self._ratings = ratings
        self._access = access
        self._keep = keep
        self._drawing = asyncio.Lock()  # matplotlib's caches are not thread-safe

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/baocao`, `/baocao 30`: for administrators in private."""
        message, texts = update.message, texts_of(update)
        if message is None or not await self._access.require_admin(update, context):
            return
        days = _days(context.args[0] if context.args else str(_DAYS))
        if days is None:
            await send(context.bot, message.chat.id, escape(texts.report_usage.format(most=ROWS)))
            return
        period = self._usage.period(days)
        counts, ratings = self._usage.counts(period), self._ratings.counts(period.since)
        if not counts.by_day and not ratings.ups and not ratings.downs:
            await send(context.bot, message.chat.id, escape(_dated(texts.no_questions, period)))
            return
        unanswered = self._usage.unanswered(period, _FILED) if self._keep else None
        async with self._drawing:
            png = await asyncio.to_thread(_draw, period, counts, ratings, texts)
        listed = unanswered[:_LISTED] if unanswered else unanswered
        await send_photo(context.bot, message.chat.id, png, report_text(period, counts, ratings, listed, texts))
        if unanswered:
            name = f"{period.days[0]:%Y-%m-%d}_{period.days[-1]:%Y-%m-%d}.csv"
            await context.bot.send_document(message.chat.id, unanswered_csv(unanswered, texts), filename=name)


def report_text(
    period: Period,
    counts: UsageCounts,
    ratings: RatingCounts,
    unanswered: list[tuple[str, int]] | None,
    texts: Texts,
) -> str:
    """The caption, at most CAPTION units; `unanswered` is None if questions are not stored."""
    states, reasons = counts.states, dict(texts.reasons)
    total, downs = states.total(), sum(ratings.downs.values())
    shares = [
        texts.report_state.format(state=label, count=states[state], share=_percent(states[state], total))
        for state, label in texts.states
    ]
    why = [
        f"{reasons[reason] if reason else texts.no_reason}: {ratings.downs[reason]}"
        for reason in (*REASONS, None)
        if reason in ratings.downs
    ]
    text = "\n".join(
        [
            _dated(texts.report, period),
            "",
            texts.report_questions.format(questions=total, people=counts.people),
            *(f"• {line}" for line in shares),
            texts.report_ratings.format(ups=ratings.ups, downs=downs),
            *(f"• {line}" for line in why),
            "",
        ]
    )
    if unanswered is None:
        return f"{text}\n{texts.report_not_kept}"
    if not unanswered:
        return f"{text}\n{texts.report_all_answered}"
    text = f"{text}\n{texts.report_unanswered}"
    for question, count in unanswered:
        longer = f"{text}\n• {truncate(' '.join(question.split()), _QUESTION)} ({count})"
        if utf16_length(longer) > CAPTION:
            break
        text = longer
    return text


def unanswered_csv(unanswered: list[tuple[str, int]], texts: Texts) -> bytes:
    """The questions as a table for Excel: with a byte order mark and no formulas."""
    table = io.StringIO()
    rows = ((f"'{question}" if question[:1] in _FORMULA else question, count) for question, count in unanswered)
    csv.writer(table).writerows([texts.report_file, *rows])
    return table.getvalue().encode("utf-8-sig")


def _draw(period: Period, counts: UsageCounts, ratings: RatingCounts, texts: Texts) -> bytes:
    from bot.administration.usage_chart import draw

    return draw(period, counts, ratings, texts)


def _days(given: str) -> int | None:
    """The number of days asked for, None if invalid."""
    days = int(given) if given.isascii() and given.isdecimal() and len(given) <= 3 else 0
    return days if 1 <= days <= ROWS else None


def _dated(sentence: str, period: Period) -> str:
    return sentence.format(first=f"{period.days[0]:%d/%m/%Y}", last=f"{period.days[-1]:%d/%m/%Y}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "0%"
