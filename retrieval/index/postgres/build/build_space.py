"""
The space that a build writes its rows into, and the lock that it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from embeddings import Encoder
from retrieval.errors import BuildInProgress
from retrieval.index.build.program import program
from retrieval.index.postgres.database import Database, Row, Statement, run_statement
from retrieval.index.postgres.schema import CONTROL, DATABASE_LOCK, NEVER, SPACE, schema_of
from retrieval.index.postgres.server_check import require_extensions

_COMPATIBLE = """
SELECT id, newest FROM trichdan.spaces
WHERE index_name = %s AND program = %s AND fingerprint = %s AND token_fingerprint = %s ORDER BY id DESC LIMIT 1
"""
_NEW = """
INSERT INTO trichdan.spaces (index_name, program, fingerprint, token_fingerprint, dim) VALUES (%s, %s, %s, %s, %s)
RETURNING id
"""


def ensure_tables(connection: psycopg.Connection[Row]) -> None:
    """Make the tables that are missing; IndexFault where the server lacks what they need."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (DATABASE_LOCK,))
        require_extensions(connection)
        connection.execute(CONTROL)


@contextmanager
def build_lock(database: Database) -> Iterator[psycopg.Connection[Row]]:
    """
    A connection that holds the lock of the index's builders, until it ends.

    BuildInProgress when it is taken.
    """
    index = database.address.index
    with database.writer() as connection:
        statement = "SELECT pg_try_advisory_lock(hashtext('trichdan'), hashtext(%s))"
        ((is_ours,),) = connection.execute(statement, (index,)).fetchall()
        if not is_ours:
            raise BuildInProgress(
                f"one process builds in {database.address.whole} at a time, another is at it: wait for it to end"
            )
        yield connection


@dataclass(frozen=True, slots=True)
class BuildSpace:
    """
    The rows of one program and model, and the number of a new generation.

    A build that broke off had the same number: what it wrote is gone on with.
    """

    connection: psycopg.Connection[Row]
    space: int
    number: int

    @classmethod
    def open(cls, connection: psycopg.Connection[Row], index: str, encoder: Encoder, *, anew: bool) -> BuildSpace:
        """The newest space of this program and model, else or if `anew` a new one."""
        key = (index, program(), encoder.fingerprint, encoder.token_fingerprint)
        found = [] if anew else connection.execute(_COMPATIBLE, key).fetchall()
        if found:
            return cls(connection, found[0][0], found[0][1] + 1)
        with connection.transaction():
            ((space,),) = connection.execute(_NEW, (*key, encoder.dim)).fetchall()
            connection.execute(Statement(SPACE, space=schema_of(space)).sql)
        return cls(connection, space, 1)

    def execute(self, text: LiteralString, **values: object) -> list[Row]:
        """The rows of a statement, in whose text `{space}` is the schema."""
        statement = Statement(text, {"number": self.number, "never": NEVER, **values}, schema_of(self.space))
        return run_statement(self.connection, statement)

    def copy(self, table: LiteralString, rows: Iterable[tuple[object, ...]]) -> None:
        """Append rows to a table."""
        statement = Statement(f"COPY {{space}}.{table} FROM STDIN", space=schema_of(self.space))
        with self.connection.cursor() as cursor, cursor.copy(statement.sql) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, script: LiteralString) -> None:
        """Several statements without values."""
        self.connection.execute(Statement(script, space=schema_of(self.space)).sql)
