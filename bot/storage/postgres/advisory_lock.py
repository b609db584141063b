"""
Locks that one process at a time holds, whatever its machine.

Each stands on a connection of its own: when the process ends, or its machine vanishes, the server lets go of it.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Final, Self

import psycopg

from bot.errors import StateUnavailableError
from bot.storage.database import Row
from bot.storage.postgres.postgres_database import Connection, PostgresDatabase

_LOGGER = logging.getLogger(__name__)
_HALF: Final = 0xFFFF_FFFF  # pg_locks shows a lock's number in two halves
_STILL: Final = 30.0  # seconds without a look, after which whoever looks at its lock every second is frozen
_LOOK: Final = "SELECT NOT pg_is_in_recovery()"
# Who never looked holds it for one piece of work, and is let be.
_HELD: Final = """
    SELECT pid, coalesce(
        query = ? AND state = 'idle' AND state_change < clock_timestamp() - make_interval(secs => ?), FALSE
    ) FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid::bigint = ? AND objid::bigint = ? AND objsubid = 1
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class AdvisoryLock:
    """A lock that is held; a Lock."""

    def __init__(self, database: PostgresDatabase, connection: Connection) -> None:
        self._database = database
        self._connection = connection

    @classmethod
    def acquire(cls, database: PostgresDatabase, name: str) -> Self | None:
        """The lock of a name, None while another process holds it, or no server answers."""
        number = _number(name)
        try:
            held = database.run(_HELD, _LOOK, _STILL, number >> 32 & _HALF, number & _HALF)
            if held:  # without a connection for each look
                _take_from(database, held[0])
                return None
            connection = database.connect()
        except StateUnavailableError:
            return None
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        except psycopg.Error:
            row = None
        if row and row[0]:
            return cls(database, connection)
        connection.close()
        return None

    def is_held(self) -> bool:
        """Whether it is still held: not when the server hangs or became a standby."""
        return self._database.confirms(self._connection, _LOOK)

    def release(self) -> None:
        """Let another process take it."""
        self._connection.close()


def _take_from(database: PostgresDatabase, holder: Row) -> None:
    """End the session of a holder that stands still."""
    pid, is_still = holder
    if is_still:
        _LOGGER.warning("whoever holds a lock looks at it every second, one has not for %g s: it is taken away", _STILL)
        database.run("SELECT pg_terminate_backend(?)", pid)


def _number(name: str) -> int:
    """A name as the 64 bits that PostgreSQL knows a lock by."""
    digest = hashlib.sha256(f"trichdan bot {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
