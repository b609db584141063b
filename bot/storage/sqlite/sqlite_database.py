"""
The state in a file of SQLite.

In WAL mode with full synchronisation no transaction is half done after `kill -9`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StateError, StateUnavailableError
from bot.storage.database import Purpose, Row
from bot.storage.sqlite.schema import migrate


class SqliteDatabase:
    """
    An open file; a Database.

    Raises:
        StateError: the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.touch(mode=0o600)  # before SQLite creates it readable for others; its log inherits the mode
            for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
                with suppress(FileNotFoundError):
                    each.chmod(0o600)  # it may have been made with more
            self.connection = sqlite3.connect(path, isolation_level=None)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA secure_delete = ON")  # overwrites the text of answered questions
            migrate(self.connection, path)
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"the state file must be a writable SQLite file, {path} is not ({error}): "
                "correct TRICHDAN_STATE, or restore the file from a backup"
            ) from error

    def run(self, sql: str, *values: object) -> list[Row]:
        """Run a statement as a transaction of its own; returns its rows."""
        with _faults():
            return self.connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction; rolled back where the block raises."""
        with _faults(), self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection

    def scrub(self) -> bool:
        """
        Empty the write-ahead log, which may still hold deleted text.

        Never waits: returns False if another process is reading the file, so that it must be repeated later.
        """
        with _faults():
            (patience,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
            self.connection.execute("PRAGMA busy_timeout = 0")
            try:
                busy, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {patience}")
        return not busy

    def seal(self, purpose: Purpose, text: str, at: float) -> str:  # noqa: ARG002 - the protocol's
        """The text as it is: whatever is deleted is overwritten."""
        return text

    def unseal(self, purpose: Purpose, sealed: str) -> str | None:  # noqa: ARG002 - the protocol's
        """The text as it is."""
        return sealed

    def drop_keys(self, *, texts: float, now: float) -> None:
        """There are none."""

    def number_onwards(self) -> None:
        """It does so by itself."""

    def try_lock(self, name: str) -> HeldAlone:  # noqa: ARG002 - the protocol's
        """A lock that is held already: `state_lock` keeps out every other process."""
        return HeldAlone()

    def warnings(self) -> list[str]:
        """None: what is committed stands on the disk."""
        return []

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class HeldAlone:
    """The lock of a process that has no others beside it; a Lock."""

    def is_held(self) -> bool:
        """It always is."""
        return True

    def release(self) -> None:
        """Nobody waits for it."""


@contextmanager
def _faults() -> Iterator[None]:
    """Raise SQLite's errors as the one of every database."""
    try:
        yield
    except sqlite3.Error as error:
        raise StateUnavailableError(
            f"the state file must be readable and writable, SQLite says {str(error)!r}: see its disk"
        ) from error
