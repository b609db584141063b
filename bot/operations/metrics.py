"""
Prometheus metrics, served on 127.0.0.1 from the bot's own registry.

Only durations are collected here; counters of other parts are read at each scrape. No label holds a chat, a user or a
word of a question.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from telegram import Update

from bot.errors import ConfigError, UnavailableError
from bot.operations.incidents import Incidents
from bot.operations.index_servers import IndexServers
from bot.operations.metrics_server import serve_metrics
from bot.search.search_service import SearchService
from bot.search.search_workers import Asker
from bot.settings.visibility import VisibleCollections
from bot.storage.state import BotState
from bot.transport.inbox import Inbox, UpdateProcessor
from bot.transport.rate_limiter import RateLimiter
from bot.transport.redelivery import Redelivery
from retrieval import Answer, Retriever
from retrieval.index import IndexAddress

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0, 120.0)  # 20 is the deadline of a search
_STATES = ("found", "weak", "none", "unavailable")


class Metrics:
    """The bot's measurements and the registry that holds them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "trichdan_questions", "Questions searched, by the state of their answer.", ["state"], registry=self.registry
        )
        for state in _STATES:
            self._questions.labels(state)  # so that a state that has not occurred is 0, not missing
        self._search = Histogram(
            "trichdan_search_seconds",
            "From a question to its answer found, with the wait for a place.",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._answer = Histogram(
            "trichdan_answer_seconds",
            "From an update accepted to its answer taken by the server.",
            ["kind"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._beat = Gauge(
            "trichdan_beat_timestamp_seconds",
            "When the event loop last ran and updates could arrive.",
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)

    def beat(self) -> None:
        """Note that the event loop runs and updates can arrive."""
        self._beat.set_to_current_time()

    def record_search(self, state: str, seconds: float) -> None:
        """Record the state and duration of one search."""
        self._questions.labels(state).inc()
        self._search.observe(seconds)

    def record_answer(self, update: Update, seconds: float) -> None:
        """Record how long an update took, redeliveries included."""
        kind = "inline" if update.inline_query else "button" if update.callback_query else "message"
        self._answer.labels(kind).observe(seconds)

    def serve(self, port: int) -> Callable[[], None]:
        """
        Serve on 127.0.0.1; returns a function that stops the server.

        Raises:
            ConfigError: the port is taken.
        """
        try:
            return serve_metrics(port, self.registry)
        except OSError as error:
            raise ConfigError(
                f"TRICHDAN_METRICS_PORT names a free port of 127.0.0.1, {port} is none ({error.strerror}): "
                "choose another, or 0 for no metrics"
            ) from None


@dataclass(frozen=True, slots=True)
class BotCollector(Collector):
    """Reads the counters of the bot's parts at each scrape."""

    inbox: Inbox
    updates: UpdateProcessor
    limiter: RateLimiter
    incidents: Incidents
    index: IndexServers

    def collect(self) -> Iterator[Metric]:
        """Yield one family for each metric."""
        counters = self.limiter.counters
        yield _counter("updates_accepted", "Updates written down to be answered.", self.inbox.accepted)
        yield _counter("requests_sent", "Requests that the server carried out.", counters.sent)
        yield _counter("requests_paused", "Answers of 429: the server wants the bot to wait.", counters.paused)
        yield _counter("requests_retried", "Requests tried again after a failure of the network.", counters.retried)
        yield _counter("requests_failed", "Requests given up.", counters.failed)
        yield _counter("incidents", "Failures logged under a code.", self.incidents.count)
        waiting = "Updates that are being answered or wait for their turn."
        yield GaugeMetricFamily("trichdan_updates_waiting", waiting, self.updates.waiting)
        age = GaugeMetricFamily("trichdan_index_age_seconds", "Since the live generation of the index was built.")
        yield from self.index.metrics()
        if (built := self.index.built) is not None:
            age.add_metric([], time.time() - built)
        yield age


class MeasuredSearchService(SearchService):
    """A SearchService that counts and times its questions."""

    def __init__(
        self,
        metrics: Metrics,
        retriever: Retriever,
        index: IndexAddress,
        *,
        parallel: int,
        seconds: float,
        asker: Asker | None = None,
    ) -> None:
        super().__init__(retriever, index, parallel=parallel, seconds=seconds, asker=asker)
        self._metrics = metrics

    async def ask(self, question: str, previous: str | None = None, *, within: VisibleCollections) -> Answer:
        """Answer a question, measured."""
        start = time.monotonic()
        try:
            answer = await super().ask(question, previous, within=within)
        except UnavailableError:
            self._metrics.record_search("unavailable", time.monotonic() - start)
            raise
        self._metrics.record_search(answer.state, time.monotonic() - start)
        return answer


class MeasuredUpdateProcessor(UpdateProcessor):
    """An UpdateProcessor that times updates from acceptance to the end."""

    def __init__(
        self,
        metrics: Metrics,
        state: BotState,
        refuse: Callable[[Update], Awaitable[None]],
        redelivery: Redelivery,
        *,
        settle: Callable[[int], None] | None = None,
        leave: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__(state, refuse, redelivery, settle=settle, leave=leave)
        self._metrics = metrics

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update in its turn, measured."""
        start = time.monotonic()
        await super().do_process_update(update, coroutine)
        if isinstance(update, Update):
            self._metrics.record_answer(update, time.monotonic() - start)


def _counter(name: str, what: str, value: int) -> CounterMetricFamily:
    return CounterMetricFamily(f"trichdan_{name}", what, value)
