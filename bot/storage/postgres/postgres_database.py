"""
The state in PostgreSQL: one connection to whichever of the hosts takes writes.

A connection that is lost between two transactions is not noticed: the next one opens another, to the standby that was
promoted. Within a transaction it is said, and whoever handles an update does so again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import lru_cache
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.errors import ConfigError, NoResponseError, StateError, StateUnavailableError, StateUnreachableError
from bot.state_address import StateServer
from bot.storage.database import Lock, Purpose, Row, Transaction
from bot.storage.postgres import schema
from bot.storage.postgres.day_keys import DayKeys
from bot.storage.postgres.patience import SECONDS, Patience

Connection = psycopg.Connection[Row]
_HOUR: Final = 3600.0
_SENT_LONG_AGO: Final = "DELETE FROM pacing WHERE paused < ? AND coalesce(sent[cardinality(sent)], 0) < ?"
_QUIET: Final = 1.0  # seconds after a failed attempt to connect in which none is made, since each holds up the bot
_LIBPQ: Final = {
    "target_session_attrs": "read-write",
    "connect_timeout": "3",
    "application_name": "trichdan bot",
    # A machine that vanished answers nothing: noticed after some ten seconds instead of hours.
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
# The server lets go of a vanished process's locks as soon.
_SESSION: Final = (
    f"-c search_path={schema.NAME} -c lock_timeout=5s "
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
)


class PostgresDatabase:
    """
    A database with the tables of the state; a Database.

    Args:
        seconds: how long a statement or transaction may take.

    Raises:
        ConfigError: the address is not well formed.
        StateError: the role lacks a right, or a newer version wrote the tables.
        NoResponseError: no server answers at the start.
        StateUnreachableError: by every member, when none answers later, or no standby confirms a commit.
    """

    def __init__(self, server: StateServer, *, seconds: float = SECONDS) -> None:
        self.server = server
        self._session = (
            f"{_SESSION} -c statement_timeout={2 * seconds:.0f}s "
            f"-c idle_in_transaction_session_timeout={6 * seconds:.0f}s"
        )
        self._open: Connection | None = None
        self._in_transaction = False
        self._quiet_until = 0.0
        self._keys = DayKeys(self)
        _check(server)
        self._patience = Patience(seconds)
        try:
            with self._faults():
                connection = self._connection()
                with self._patience.limited(connection):
                    schema.migrate(connection, str(server))
        except StateUnavailableError as error:
            self.close()
            if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise StateError(f"{schema.RIGHTS}, {server} says {error.__cause__}: {schema.GRANT}") from error
            raise NoResponseError(str(error)) from error
        except BaseException:
            self.close()
            raise

    def run(self, sql: str, *values: object) -> list[Row]:
        """Run a statement by itself, or in the open transaction; returns its rows."""
        statement = _translated(sql)
        try:
            with self._faults():
                return self._fetch(statement, values)
        except StateUnreachableError:
            if self._in_transaction or self._open is not None:  # the standby's silence is no lost connection
                raise
        with self._faults():
            return self._fetch(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; rolled back where the block raises."""
        with suppress(StateUnreachableError):
            self.run("SELECT")  # which replaces a connection that was lost
        with self._faults():
            connection = self._connection()
            try:
                with self._patience.limited(connection), connection.transaction():
                    self._in_transaction = True
                    yield _PostgresTransaction(connection)
            finally:
                self._in_transaction = False

    def scrub(self) -> bool:
        """Nothing can be overwritten: deleted text is unreadable once its key is dropped."""
        return True

    def seal(self, purpose: Purpose, text: str, at: float) -> str:
        """A text, encrypted with the key of its day."""
        return self._keys.seal(purpose, text, at)

    def unseal(self, purpose: Purpose, sealed: str) -> str | None:
        """A text that was sealed, None once its day's key is gone."""
        return self._keys.unseal(purpose, sealed)

    def drop_keys(self, *, texts: float, now: float) -> None:
        """Drop the keys of older texts, and of updates that were all answered."""
        self._keys.drop(texts=texts, now=now)
        self.run(_SENT_LONG_AGO, now - _HOUR, now - _HOUR)

    def number_onwards(self) -> None:
        """Set the sequences behind the numbers that are there."""
        for table in ("chat_documents", "broadcasts"):
            self.run(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), max(number)) FROM {table} "  # noqa: S608 - constants
                "HAVING max(number) IS NOT NULL"
            )

    def try_lock(self, name: str) -> Lock | None:
        """A lock, None while another process holds it or no server answers."""
        from bot.storage.postgres.advisory_lock import AdvisoryLock

        return AdvisoryLock.acquire(self, name)

    def connect(self) -> Connection:
        """
        A further connection, for whoever holds a lock.

        Raises:
            StateUnreachableError: no server answers.
        """
        with self._faults():
            return self._connected()

    def confirms(self, connection: Connection, question: str) -> bool:
        """Whether a further connection says yes, within the time that a statement may take."""
        try:
            with self._patience.limited(connection):
                row = connection.execute(question).fetchone()
        except (psycopg.Error, StateUnreachableError):
            return False
        return bool(row and row[0])

    def warnings(self) -> list[str]:
        """That commits wait for no standby, where they do not."""
        ((names,),) = self.run("SHOW synchronous_standby_names")
        alone = (
            f"a state that survives its server stands on a standby too, commits in {self.server} wait for none: a "
            "failover may lose the last moments; set synchronous_standby_names there if that matters"
        )
        return [] if names else [alone]

    def close(self) -> None:
        """Close the connection."""
        self._patience.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open, which may yet be rolled back."""
        return self._in_transaction

    def _fetch(self, statement: str, values: Sequence[object]) -> list[Row]:
        connection = self._connection()
        with self._patience.limited(connection) if not self._in_transaction else nullcontext():
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def _connection(self) -> Connection:
        if self._open is None or self._open.closed:
            self._open = self._connected()
            self._keys.forget()  # a promoted standby or a restored database may lack the latest
        return self._open

    def _connected(self) -> Connection:
        if time.monotonic() < self._quiet_until:
            raise self._unreachable("it did not a moment ago")
        given = conninfo_to_dict(self.server.url)
        own = {name: value for name, value in _LIBPQ.items() if name not in given}
        options = f"{given.get('options') or ''} {self._session}".strip()
        try:
            return psycopg.connect(
                make_conninfo(self.server.url, **own, options=options), autocommit=True, prepare_threshold=None
            )
        except psycopg.OperationalError as error:
            self._quiet_until = time.monotonic() + _QUIET
            raise self._unreachable(" ".join(str(error).split())) from error

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Raise psycopg's errors as those of every database, and let go of a lost connection."""
        try:
            yield
        except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction) as error:
            connection = self._open
            demoted = isinstance(error, psycopg.errors.ReadOnlySqlTransaction)
            if connection is not None and not demoted and not connection.closed:
                raise self._unavailable(error) from error
            self._let_go()
            raise self._unreachable(" ".join(str(error).split())) from error
        except psycopg.Error as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: psycopg.Error) -> StateUnavailableError:
        reason = " ".join(str(error).split())
        return StateUnavailableError(f"the state must be readable and writable, {self.server} says {reason!r}: see it")

    def _unreachable(self, reason: str) -> StateUnreachableError:
        return StateUnreachableError(
            f"the state is kept by a server that takes writes, none of {self.server} answers now ({reason}): "
            "start it, or promote its standby"
        )


class _PostgresTransaction:
    """Statements of both databases, run in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[Row]:
        """Run a statement."""
        return self._connection.execute(_translated(sql), values)

    def executemany(self, sql: str, rows: Any, /) -> None:  # noqa: ANN401 - the protocol names the type
        """Run a statement for each of these rows."""
        self._connection.cursor().executemany(_translated(sql), list(rows))


@lru_cache(maxsize=512)
def _translated(sql: str) -> str:
    """With psycopg's placeholders in place of `?`."""
    return sql.replace("%", "%%").replace("?", "%s")


def _check(server: StateServer) -> None:
    """
    Refuse an address that libpq misreads.

    Where it takes a part of a password for a host or a port, its own errors would tell it.
    """
    try:
        parts = conninfo_to_dict(server.url)
    except psycopg.Error:
        parts = {"host": "@"}
    ports = str(parts.get("port") or "").split(",")
    if "@" in str(parts.get("host") or "") or not all(port.isdecimal() or not port for port in ports):
        raise ConfigError(
            f"TRICHDAN_STATE reads postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE, {server} does not: write "
            "@ : / ? # of a password as %40 %3A %2F %3F %23"
        )
