"""
How the connections of readers and of builders are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CONNECT_SECONDS: Final = 5
# An index orders the nearest first even where few rows may be seen. Every statement of a reader has an index: without
# one of them the planner would score each row, at a millisecond a row.
_READING: Final = (
    "-c hnsw.iterative_scan=relaxed_order -c hnsw.max_scan_tuples=200000 -c enable_seqscan=off -c work_mem=32MB"
)


@dataclass(frozen=True, slots=True)
class Session:
    """
    The settings of a connection, for libpq and for the server.

    A machine that loses its power closes nothing. Both ends ask after `idle` seconds of silence, `count` times every
    `interval` seconds, and let nothing that was sent go unacknowledged for longer than `unheard` seconds.
    """

    options: str
    idle: int
    interval: int
    count: int
    unheard: int

    def parameters(self, given: Mapping[str, str]) -> dict[str, str]:
        """
        What libpq is told.

        `given` in the address counts more, but for what this program's statements need.
        """
        own = {f"keepalives_{name}": str(value) for name, value in self._waits.items()}
        own |= {"tcp_user_timeout": str(self._unheard), "connect_timeout": str(CONNECT_SECONDS)}
        options = f"{self._server_options} {given.get('options', '')} {self.options}"  # of two, the later one counts
        return {**own, **given, "options": options}

    @property
    def _server_options(self) -> str:
        own = [f"-c tcp_keepalives_{name}={value}" for name, value in self._waits.items()]
        return " ".join((*own, f"-c tcp_user_timeout={self._unheard}"))

    @property
    def _waits(self) -> dict[str, int]:
        return {"idle": self.idle, "interval": self.interval, "count": self.count}

    @property
    def _unheard(self) -> int:
        return self.unheard * 1000  # both ends count it in milliseconds


# A reader turns to the next host before its question is given up; the lock of a builder that vanished is free again
# within a minute.
READING: Final = Session(_READING, idle=5, interval=5, count=2, unheard=10)
BUILDING: Final = Session("-c work_mem=128MB -c maintenance_work_mem=256MB", idle=30, interval=10, count=3, unheard=60)
