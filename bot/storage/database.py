"""
The database behind the state, and the SQL that each of them understands.

Written once for both: `?` for a value, `ON CONFLICT (…)` with the table's name before its own columns, `RETURNING`,
named columns where a row is inserted. No `INSERT OR …`, no functions of one database alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

Row = tuple[Any, ...]
LEADER = "leader"  # the name of the lock of the process that receives updates
Purpose = Literal["update", "question"]  # what a text of a person is kept for: until it is answered, or for days


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


class Lock(Protocol):
    """A lock that one process at a time holds."""

    def is_held(self) -> bool:
        """Whether it is still held."""

    def release(self) -> None:
        """Let another process take it."""


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

    def seal(self, purpose: Purpose, text: str, at: float) -> str:
        """A text as it is stored; `at`: when it came, in seconds since 1970."""

    def unseal(self, purpose: Purpose, sealed: str) -> str | None:
        """A text that was stored, None once it can be read no more."""

    def drop_keys(self, *, texts: float, now: float) -> None:
        """Make unreadable what is left of deleted texts, and of those from before a time."""

    def number_onwards(self) -> None:
        """Give new rows numbers behind those that were inserted with theirs."""

    def try_lock(self, name: str) -> Lock | None:
        """A lock among the processes of the bot, None while another holds it."""

    def warnings(self) -> list[str]:
        """What an operator may want to know of how the state is kept."""

    def close(self) -> None:
        """Close the connection."""
