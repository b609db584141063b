"""
The status report of /trangthai, in lines short enough for a phone.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from importlib.metadata import version

from telegram import Update
from telegram.ext import ContextTypes

from bot.access import Access
from bot.errors import UnavailableError
from bot.messages.admin_texts import AdminTexts
from bot.messages.language import texts_of
from bot.messages.quote_html import escape
from bot.operations.answer_times import AnswerTimes
from bot.operations.incidents import Incidents
from bot.search.search_service import SearchService
from bot.transport.delivery import send
from bot.transport.inbox import UpdateProcessor
from bot.transport.rate_limiter import SendCounters
from bot.transport.redelivery import Redelivery


class Status:
    """Handles /trangthai."""

    def __init__(
        self,
        access: Access,
        search: SearchService,
        answer_times: AnswerTimes,
        updates: UpdateProcessor,
        redelivery: Redelivery,
        incidents: Incidents,
        counters: SendCounters,
        zone: tzinfo,
    ) -> None:
        self._zone = zone
        self._access = access
        self._search = search
        self._answer_times = answer_times
        self._updates = updates
        self._redelivery = redelivery
        self._incidents = incidents
        self._counters = counters

    async def show(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """`/trangthai`: uptime, load, answer times, index and incidents."""
        message = update.message
        if message is None or not await self._access.require_admin(update, context):
            return
        texts = texts_of(update).administration
        lines = [*self._running(texts), *await self._index(texts), *self._sending(texts)]
        width = max(len(name) for name, _ in lines) + 1
        table = "\n".join(f"{name:<{width}}{value}" for name, value in lines)
        await send(context.bot, message.chat.id, f"<pre>{escape(table)}</pre>")

    def _running(self, texts: AdminTexts) -> list[tuple[str, str]]:
        answer_times, handled = self._answer_times, self._updates.handled
        waiting = self._updates.waiting - handled - self._redelivery.waiting
        latency = " / ".join(_seconds(answer_times.percentile(share), texts) for share in (0.5, 0.95))
        return [
            (texts.uptime, _duration(answer_times.uptime, texts)),
            (texts.waiting, str(waiting)),
            (texts.answering, str(max(handled - 1, 0))),  # without this command itself
            (texts.undelivered, str(self._redelivery.waiting)),
            (texts.latency, latency if answer_times.count else "–"),
            (texts.measured, str(answer_times.count)),
        ]

    async def _index(self, texts: AdminTexts) -> list[tuple[str, str]]:
        try:
            name, manifest = await self._search.generation()
        except UnavailableError as error:
            return [(texts.index, texts.no_index.format(code=self._incidents.record(error, "showing the status")))]
        created = datetime.fromisoformat(manifest.created).astimezone(self._zone)
        return [
            (texts.index, name.rpartition("-")[2]),
            (texts.created, f"{created:%d/%m/%Y %H:%M}"),
            (texts.documents, str(manifest.documents)),
            (texts.passages, str(manifest.passages)),
        ]

    def _sending(self, texts: AdminTexts) -> list[tuple[str, str]]:
        incidents = self._incidents
        last = f" ({incidents.last})" if incidents.last else ""
        return [
            (texts.incidents, f"{incidents.count}{last}"),
            (texts.sends, str(self._counters.sent)),
            (texts.paused, str(self._counters.paused)),
            (texts.version, version("trichdan")),
        ]


def _seconds(seconds: float, texts: AdminTexts) -> str:
    return f"{seconds:.1f} s".replace(".", texts.decimal)


def _duration(seconds: float, texts: AdminTexts) -> str:
    """A duration in its two largest units. Example: "2 ngày 3 giờ"."""
    minutes = int(seconds // 60)
    counts = (minutes // 1440, minutes // 60 % 24, minutes % 60)
    parts = [f"{count} {unit}" for count, unit in zip(counts, texts.units, strict=True)]
    first = next((place for place, count in enumerate(counts) if count), 2)
    return " ".join(parts[first : first + 2])
