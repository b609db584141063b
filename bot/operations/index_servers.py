"""
What is known of the servers of an index, without waiting for them.

A server that hangs must hold up neither a scrape nor anything else, so they are looked at in a thread of their own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric

from retrieval import IndexFault, UnreachableIndex
from retrieval.index import Place, Server

_SECONDS: Final = 15.0  # after which they are looked at again


@dataclass(frozen=True, slots=True)
class _Look:
    """What was found at `moment`; `built` is when the live generation was."""

    servers: Sequence[Server]
    built: float | None
    moment: float


class IndexServers:
    """
    The last look at the servers of an index.

    Each scrape starts another one if the last was long ago; while nobody scrapes, nobody looks.
    """

    def __init__(self, place: Place, *, seconds: float = _SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._place = place
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._started = -float("inf")
        self._looking: threading.Thread | None = None
        self._last: _Look | None = None

    @property
    def built(self) -> float | None:
        """When the live generation was built, None if that is not known."""
        if self._place.address.folder is not None:
            return _build_time(self._place)  # a file of this machine
        return self._last.built if self._last else None

    def metrics(self) -> Iterator[Metric]:
        """One family for each metric, of the last look; none of a folder."""
        if self._place.address.folder is None:
            self._look_again()
        if self._last:
            yield from _families(self._last)

    def wait(self) -> None:
        """Wait until the look that was started is over."""
        if self._looking:
            self._looking.join()

    def _look_again(self) -> None:
        """Start a look, unless one is going on or was started a moment ago."""
        with self._lock:
            is_looking = self._looking is not None and self._looking.is_alive()
            if is_looking or self._clock() - self._started < self._seconds:
                return
            self._started = self._clock()
            self._looking = threading.Thread(target=self._look, name="index-servers", daemon=True)
            self._looking.start()

    def _look(self) -> None:
        servers = self._place.servers()
        built = _build_time(self._place) if any(not server.fault for server in servers) else None
        self._last = _Look(servers, built, time.time())


def _families(look: _Look) -> Iterator[Metric]:
    up = _by_host("up", "1 of a host of the index that answers, 0 of one that does not.")
    lag = _by_host("replication_lag_seconds", "How far a standby of the index is behind its primary.")
    trip = _by_host("trip_seconds", "There and back to a host of the index, for a small statement.")
    primary = _by_host("primary", "1 of the host of the index that takes writes, 0 of a standby.")
    live = GaugeMetricFamily(
        "trichdan_index_live_generation", "1 with the name of a host's live generation.", labels=["host", "generation"]
    )
    for server in look.servers:
        host = [server.host]
        up.add_metric(host, 0 if server.fault else 1)
        if server.fault:
            continue
        trip.add_metric(host, server.trip)
        primary.add_metric(host, 0 if server.is_standby else 1)
        if server.is_standby:
            lag.add_metric(host, server.lag)
        if server.live is not None:
            live.add_metric([server.host, server.live], 1)
    looked = GaugeMetricFamily("trichdan_index_look_timestamp_seconds", "When the hosts of the index were looked at.")
    looked.add_metric([], look.moment)
    yield from (up, lag, trip, primary, live, looked)


def _by_host(name: str, what: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"trichdan_index_{name}", what, labels=["host"])


def _build_time(place: Place) -> float | None:
    """When the live generation was built, None if it cannot be read."""
    try:
        created = datetime.fromisoformat(place.manifest().created)
    except (IndexFault, UnreachableIndex, ValueError):
        return None
    return (created if created.tzinfo else created.replace(tzinfo=UTC)).timestamp()
