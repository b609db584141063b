"""
The Status: how the bot is doing, in lines short enough for a phone. /trangthai.
"""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from telegram import Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import Unavailable
from bot.messages.admin_texts import UpkeepWords
from bot.messages.language import words_of
from bot.messages.quote_html import escape
from bot.operations.answer_times import Vitals
from bot.operations.incidents import Incidents
from bot.search.search_service import Library
from bot.transport.delivery import send
from bot.transport.inbox import Updates
from bot.transport.rate_limiter import Counters
from bot.transport.redelivery import Redelivery


class Status:
    """The handler of /trangthai."""

    def __init__(
        self,
        access: Access,
        library: Library,
        vitals: Vitals,
        updates: Updates,
        redelivery: Redelivery,
        incidents: Incidents,
        counters: Counters,
    ) -> None:
        self._access = access
        self._library = library
        self._vitals = vitals
        self._updates = updates
        self._redelivery = redelivery
        self._incidents = incidents
        self._counters = counters

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/trangthai`: since when, how much, how fast, from what, and what went wrong."""
        message = update.message
        if message is None or not await self._access.allows(update, context):
            return
        words = words_of(update).upkeep
        lines = [*self._running(words), *await self._index(words), *self._sending(words)]
        width = max(len(name) for name, _ in lines) + 1
        table = "\n".join(f"{name:<{width}}{value}" for name, value in lines)
        await send(context.bot, message.chat.id, f"<pre>{escape(table)}</pre>")

    def _running(self, words: UpkeepWords) -> list[tuple[str, str]]:
        vitals, handled = self._vitals, self._updates.handled
        waiting = self._updates.waiting - handled - self._redelivery.waiting
        latency = " / ".join(_seconds(vitals.percentile(share), words) for share in (0.5, 0.95))
        return [
            (words.uptime, _lasting(vitals.uptime, words)),
            (words.waiting, str(waiting)),
            (words.answering, str(max(handled - 1, 0))),  # this command is one of them
            (words.undelivered, str(self._redelivery.waiting)),
            (words.latency, latency if vitals.measured else "–"),
            (words.measured, str(vitals.measured)),
        ]

    async def _index(self, words: UpkeepWords) -> list[tuple[str, str]]:
        try:
            name, manifest = await self._library.generation()
        except Unavailable as error:
            return [(words.index, words.no_index.format(code=self._incidents.record(error, "showing the status")))]
        created = datetime.fromisoformat(manifest.created).astimezone()
        return [
            (words.index, name.rpartition("-")[2]),
            (words.created, f"{created:%d/%m/%Y %H:%M}"),
            (words.documents, str(manifest.documents)),
            (words.passages, str(manifest.passages)),
        ]

    def _sending(self, words: UpkeepWords) -> list[tuple[str, str]]:
        incidents = self._incidents
        last = f" ({incidents.last})" if incidents.last else ""
        return [
            (words.incidents, f"{incidents.count}{last}"),
            (words.sends, str(self._counters.sent)),
            (words.paused, str(self._counters.paused)),
            (words.version, version("trichdan")),
        ]


def _seconds(seconds: float, words: UpkeepWords) -> str:
    return f"{seconds:.1f} s".replace(".", words.decimal)


def _lasting(seconds: float, words: UpkeepWords) -> str:
    """The two largest units of a time. Example: "2 ngày 3 giờ"."""
    minutes = int(seconds // 60)
    counts = (minutes // 1440, minutes // 60 % 24, minutes % 60)
    parts = [f"{count} {unit}" for count, unit in zip(counts, words.units, strict=True)]
    first = next((place for place, count in enumerate(counts) if count), 2)
    return " ".join(parts[first : first + 2])
