"""
The database behind the state, and the SQL that each of them understands.

Written once for both: `?` for a value, `ON CONFLICT (…)` with the table's name before its own columns, `RETURNING`,
named columns where a row is inserted. No `INSERT OR …`, no functions of one database alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]


class Rows(Protocol):
    """The rows of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:  # noqa: ANN401 - columns have no types, and most statements surely have a row
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """One row after the other."""


class Transaction(Protocol):
    """Runs statements, all of which take effect or none."""

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        """Run a statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run a statement for each of these rows."""


class Database(Protocol):
    """
    A database that holds the state, for use from one thread.

    Raises:
        StateUnavailableError: by every member, when it cannot be read or written now.
    """

    def run(self, sql: str, *values: object) -> list[Row]:
        """Run a statement as a transaction of its own; returns its rows."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction; rolled back where the block raises."""

    def scrub(self) -> bool:
        """
        Overwrite what the database may still hold of deleted text.

        Never waits: returns False where it must be repeated later.
        """

    def close(self) -> None:
        """Close the connection."""
