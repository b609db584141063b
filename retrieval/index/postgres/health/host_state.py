"""
What each host of an address answers now.

One that hangs holds up neither the others nor the caller.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, LiteralString

import psycopg

from retrieval.errors import RetrievalError
from retrieval.index.place import Server
from retrieval.index.postgres.database import Database, Statement
from retrieval.index.postgres.postgres_address import PostgresAddress

_SECONDS: Final = 10  # within which a host has answered, or counts as down
# Where everything that came was replayed, the time of the last transaction says only how quiet the primary is.
_STATE: Final[LiteralString] = """
SELECT current_setting('server_version'), pg_is_in_recovery(), coalesce(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0', 0)::bigint,
EXISTS (SELECT FROM pg_stat_wal_receiver), CASE
    WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0)
END::float8, (SELECT count(*) FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'),
current_setting('data_checksums'), pg_size_bytes(current_setting('shared_buffers'))
"""
_EXTENSIONS: Final[LiteralString] = (
    "SELECT extname, extversion FROM pg_extension WHERE extname IN ('vector', 'pg_textsearch') ORDER BY extname DESC"
)
_BUILT: Final[LiteralString] = "SELECT to_regclass('trichdan.live') IS NOT NULL"
_LIVE: Final[LiteralString] = "SELECT generation FROM trichdan.live WHERE index_name = %(index)s"


@dataclass(frozen=True, slots=True)
class HostState:
    """
    A host as it was a moment ago.

    Args:
        position: of the write-ahead log, in bytes: what a primary has written, what a standby has replayed.
        is_receiving: whether a standby is connected to its primary.
        standbys: how many servers follow this one.
        shared_buffers: in bytes.
    """

    server: Server
    version: str = ""
    position: int = 0
    is_receiving: bool = False
    standbys: int = 0
    data_checksums: str = ""
    shared_buffers: int = 0
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Its name and port."""
        return self.server.host

    @property
    def answers(self) -> bool:
        """Whether it could be asked."""
        return not self.server.fault


def look_at(hosts: Sequence[PostgresAddress], *, seconds: float = _SECONDS) -> list[HostState]:
    """The state of each host, in their order; all are asked at the same time."""
    late = f"no answer within {seconds:g} seconds"
    found = {place: HostState(Server(host.name, late)) for place, host in enumerate(hosts)}

    def look(place: int) -> None:
        found[place] = _state_of(hosts[place])

    threads = [threading.Thread(target=look, args=(place,), daemon=True) for place in found]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return [found[place] for place in range(len(hosts))]


def _state_of(host: PostgresAddress) -> HostState:
    try:
        return _ask(host)
    except (psycopg.Error, RetrievalError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
        return HostState(Server(host.name, " ".join(str(cause).split())))


def _ask(host: PostgresAddress) -> HostState:
    database = Database(host)
    ((is_built,),) = database.read(Statement(_BUILT))[0]  # it connects, too, which no trip of a question does
    start = time.monotonic()
    state, extensions = database.read(Statement(_STATE), Statement(_EXTENSIONS))
    trip = time.monotonic() - start
    live = database.read(Statement(_LIVE, {"index": host.index}))[0] if is_built else []
    version, is_standby, position, is_receiving, lag, standbys, checksums, buffers = state[0]
    return HostState(
        Server(host.name, "", is_standby, lag, live[0][0] if live else None, trip),
        version,
        position,
        is_receiving,
        standbys,
        checksums,
        buffers,
        dict(extensions),
    )
