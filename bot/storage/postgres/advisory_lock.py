"""
Locks that one process at a time holds, whatever its machine.

Each stands on a connection of its own: when the process ends, or its machine vanishes, the server lets go of it.
"""

from __future__ import annotations

import hashlib
from typing import Final, Self

import psycopg

from bot.errors import StateUnavailableError
from bot.storage.postgres.postgres_database import Connection, PostgresDatabase

_HALF: Final = 0xFFFF_FFFF  # pg_locks shows a lock's number in two halves
_HELD: Final = """
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid::bigint = ? AND objid::bigint = ? AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class AdvisoryLock:
    """A lock that is held; a Lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def acquire(cls, database: PostgresDatabase, name: str) -> Self | None:
        """The lock of a name, None while another process holds it, or no server answers."""
        number = _number(name)
        try:
            if database.run(_HELD, number >> 32 & _HALF, number & _HALF):  # without a connection for each look
                return None
            connection = database.connect()
        except StateUnavailableError:
            return None
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
        except psycopg.Error:
            row = None
        if row and row[0]:
            return cls(connection)
        connection.close()
        return None

    def is_held(self) -> bool:
        """Whether it is still held: not when the server is gone, or became a standby."""
        try:
            row = self._connection.execute("SELECT NOT pg_is_in_recovery()").fetchone()
        except psycopg.Error:
            return False
        return bool(row and row[0])

    def release(self) -> None:
        """Let another process take it."""
        self._connection.close()


def _number(name: str) -> int:
    """A name as the 64 bits that PostgreSQL knows a lock by."""
    digest = hashlib.sha256(f"trichdan bot {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
