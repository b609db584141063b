"""
Connections to the servers of an index: several hosts, one retry, errors in one sentence.

Nothing is prepared on the server: from the sixth time on, a prepared proposal takes fifty times as long.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from retrieval.errors import DamagedIndex, UnknownEngine, UnreachableIndex
from retrieval.index.postgres.postgres_address import PostgresAddress
from retrieval.index.postgres.session import BUILDING, READING, Session

Row = tuple[Any, ...]
_MOST_IDLE: Final = 8  # connections that are kept for the next question
_BATCH: Final = 2000  # rows of a stream in memory


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its values by name; `{space}` in its text is a schema."""

    text: LiteralString
    values: dict[str, Any] = field(default_factory=dict)
    space: str = ""

    @property
    def sql(self) -> LiteralString:
        """The text with the name of its schema, which is made of a number."""
        return self.text.replace("{space}", self.space)


@dataclass(slots=True)
class _Pooled:
    """A connection that is reused, and the generations that its server has."""

    connection: psycopg.Connection[Row]
    known: set[str] = field(default_factory=set)


class MissingGeneration(Exception):
    """A server lacks the generation: it lags behind, or the generation was removed."""


class Database:
    """
    The servers of an address; safe for several threads.

    Raises:
        UnreachableIndex: by every member, when no host answers, twice.
        DamagedIndex: by every member, when a server answers that what is stored cannot be read.
    """

    def __init__(self, address: PostgresAddress) -> None:
        self.address = address
        self._idle: list[_Pooled] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._idle)

    def read(self, *statements: Statement, generation: str | None = None) -> list[list[Row]]:
        """
        The rows of each statement, in one trip to any host.

        `generation`: the name of one that the host must have, which a standby may get a moment later.
        """
        wanted = "any"
        try:
            return self._read(statements, generation, wanted)
        except psycopg.OperationalError:
            self._forget_idle()  # they may lead to the same host
        except MissingGeneration:
            self._forget_idle()
            wanted = "read-write"  # the host that has whatever was published
        try:
            return self._read(statements, generation, wanted)
        except psycopg.OperationalError as error:
            raise self.unreachable(error) from error
        except MissingGeneration:
            raise self._removed(generation) from None

    def _removed(self, generation: str | None) -> DamagedIndex:
        return DamagedIndex(
            f"a generation is there to be read, {generation} is not in {self.address.whole} any more: ask again"
        )

    def _read(self, statements: Sequence[Statement], generation: str | None, wanted: str) -> list[list[Row]]:
        with self._pooled(wanted) as pooled:
            if generation is not None and generation not in pooled.known:
                self._check_has(pooled, generation)
            try:
                return _rows(pooled.connection, statements)
            except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                if generation is None:
                    raise  # nothing was built here: said by who asks
                raise MissingGeneration from None

    def _check_has(self, pooled: _Pooled, generation: str) -> None:
        statement = "SELECT FROM trichdan.generations WHERE index_name = %s AND name = %s"
        if not pooled.connection.execute(statement, (self.address.index, generation)).fetchall():
            raise MissingGeneration
        pooled.known.add(generation)

    def stream(self, statement: Statement, generation: str) -> Iterator[Row]:
        """
        The rows of a statement about a generation, few in memory at a time.

        From the primary if it is up: a standby that replays a removal would break a long statement off.
        """
        try:
            connection = self._connect_to_any("read-write", "any")
        except psycopg.OperationalError as error:
            raise self.unreachable(error) from error
        try:
            with self._stored_errors():
                self._check_has(_Pooled(connection), generation)
                with connection.transaction(), connection.cursor(name="stream") as cursor:
                    cursor.itersize = _BATCH
                    yield from cursor.execute(statement.sql, statement.values)
        except psycopg.OperationalError as error:
            raise self.unreachable(error) from error
        except (MissingGeneration, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise self._removed(generation) from None
        finally:
            connection.close()

    def known_elsewhere(self, generation: str) -> None:
        """Ask again whether the servers have a generation, before the next statement that needs it."""
        with self._lock:
            for pooled in self._idle:
                pooled.known.discard(generation)

    @contextmanager
    def writer(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection of its own to the host that takes writes."""
        try:
            connection = self._connect(BUILDING, target_session_attrs="read-write")
        except psycopg.OperationalError as error:
            raise self.unreachable(error) from error
        try:
            yield connection
        except psycopg.OperationalError as error:
            if not connection.closed:  # the disk is full, a limit was met: the server is there
                raise
            raise self.unreachable(error) from error
        finally:
            connection.close()

    def unreachable(self, error: Exception) -> UnreachableIndex:
        """The error of a server that does not answer."""
        reason = " ".join(str(error).split()) or type(error).__name__
        return UnreachableIndex(
            f"an index in PostgreSQL is answered by a server, none of {self.address.whole} answers now ({reason}): "
            "ask again when it is up"
        )

    @contextmanager
    def _pooled(self, wanted: str) -> Iterator[_Pooled]:
        """An idle connection, or a new one to a host as `wanted`."""
        own = {"load_balance_hosts": "random", "target_session_attrs": wanted}
        pooled = self._take() or _Pooled(self._connect(READING, **own))
        try:
            with self._stored_errors():
                yield pooled
        except BaseException:
            pooled.connection.close()
            raise
        with self._lock:
            if len(self._idle) < _MOST_IDLE:
                self._idle.append(pooled)
                return
        pooled.connection.close()

    def _connect_to_any(self, wanted: str, otherwise: str) -> psycopg.Connection[Row]:
        """A connection for reading, to a host as `wanted` if there is one."""
        try:
            return self._connect(READING, target_session_attrs=wanted)
        except psycopg.OperationalError:
            return self._connect(READING, target_session_attrs=otherwise)

    def _take(self) -> _Pooled | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _forget_idle(self) -> None:
        with self._lock:
            _close_all(self._idle)

    @contextmanager
    def _stored_errors(self) -> Iterator[None]:
        """Turn what a server says of its own storage into a DamagedIndex."""
        try:
            yield
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise
        except psycopg.errors.InsufficientPrivilege as error:
            raise UnreachableIndex(  # nothing is known of the index
                f"an index in PostgreSQL is asked by a role that may read it, {self.address.whole} answers "
                f"{error.diag.message_primary}: grant it USAGE on schemas and SELECT on tables (bot/deploy/README.md)"
            ) from error
        except (psycopg.InternalError, psycopg.DataError, psycopg.ProgrammingError) as error:
            raise DamagedIndex(
                f"an index in PostgreSQL is read by this program, {self.address.whole} answers "
                f"{' '.join(str(error).split())}: run `trichdan index --rebuild`"
            ) from error

    def _connect(self, session: Session, **more: str) -> psycopg.Connection[Row]:
        given = {name: str(value) for name, value in conninfo_to_dict(self.address.server).items()}
        conninfo = make_conninfo(**session.parameters({"application_name": "trichdan", **more, **given}))
        try:
            return psycopg.connect(conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.ProgrammingError as error:
            raise UnknownEngine(
                f"the options of an address have values that libpq reads, {self.address.whole} does not ({error}): "
                "correct it"
            ) from error


def run_statement(connection: psycopg.Connection[Row], statement: Statement) -> list[Row]:
    """The rows of a statement; none of one that returns nothing."""
    cursor = connection.execute(statement.sql, statement.values)
    return cursor.fetchall() if cursor.description else []


def _close_all(idle: list[_Pooled]) -> None:
    while idle:
        with suppress(psycopg.Error):
            idle.pop().connection.close()


def _rows(connection: psycopg.Connection[Row], statements: Sequence[Statement]) -> list[list[Row]]:
    if len(statements) == 1:
        return [connection.execute(statements[0].sql, statements[0].values).fetchall()]
    with connection.pipeline():
        cursors = [connection.execute(statement.sql, statement.values) for statement in statements]
    return [cursor.fetchall() for cursor in cursors]
