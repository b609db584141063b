"""
Which generations an index has, and which one is live.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, LiteralString

import psycopg

from retrieval.errors import MissingIndex
from retrieval.index.postgres.database import Database, Row, Statement
from retrieval.index.postgres.stored_generation import COLUMNS, StoredGeneration

_LIVE: Final[LiteralString] = "SELECT generation FROM trichdan.live WHERE index_name = %(index)s"
_NAMES: Final[LiteralString] = (
    "SELECT name, previous FROM trichdan.generations WHERE index_name = %(index)s AND is_published "
    "ORDER BY created DESC"
)
_BY_NAME: Final[LiteralString] = (
    f"SELECT {COLUMNS} FROM trichdan.generations WHERE index_name = %(index)s AND name = %(name)s"
)
_ALL: Final[LiteralString] = (
    f"SELECT {COLUMNS} FROM trichdan.generations WHERE index_name = %(index)s AND is_published ORDER BY created DESC"
)
_PUBLISH: Final[LiteralString] = """
INSERT INTO trichdan.live (index_name, generation) VALUES (%(index)s, %(name)s)
ON CONFLICT (index_name) DO UPDATE SET generation = excluded.generation, moved = now()
"""

Rows = Callable[[Statement], list[Row]]


class Generations:
    """
    The generations of an index, asked of any host.

    Raises:
        MissingIndex: nothing was built at the address.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> str:
        """The name of the live generation."""
        (rows,) = self._read(Statement(_LIVE))
        if not rows:
            raise self.missing()
        return str(rows[0][0])

    def history(self) -> list[str]:
        """The names of the live generation and of those before it."""
        live, names = self._read(Statement(_LIVE), Statement(_NAMES))
        if not live:
            raise self.missing()
        return lineage(live[0][0], names)

    def named(self, name: str) -> StoredGeneration:
        """The generation of this name, published or not; MissingIndex when there is none."""
        (rows,) = self._read(Statement(_BY_NAME, {"name": name}))
        if not rows:
            raise MissingIndex(
                f"a generation is one of those that `trichdan index --list` shows, {self._database.address.whole} has "
                f"no {name}"
            )
        return StoredGeneration.of(self._database.address.whole, rows[0])

    def all(self) -> list[StoredGeneration]:
        """All that are or were live, the newest first."""
        (rows,) = self._read(Statement(_ALL))
        return [StoredGeneration.of(self._database.address.whole, row) for row in rows]

    def missing(self) -> MissingIndex:
        """The error of an address where nothing was built."""
        address = self._database.address.whole
        return MissingIndex(
            f"an index is needed, there is none in {address}: build it with `trichdan index FOLDER --index {address}`"
        )

    def _read(self, *statements: Statement) -> list[list[Row]]:
        index = self._database.address.index
        own = [Statement(each.text, {**each.values, "index": index}) for each in statements]
        try:
            return self._database.read(*own)
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            raise self.missing() from None


def publish(connection: psycopg.Connection[Row], index: str, name: str) -> None:
    """Make a generation live, at once for every reader."""
    connection.execute(_PUBLISH, {"index": index, "name": name})


def lineage(live: str, names: Sequence[Row]) -> list[str]:
    """The live generation and those before it; `names` has each with its predecessor."""
    previous: dict[str, str | None] = dict(names)
    found = [live]
    while (before := previous.get(found[-1])) is not None and before in previous and before not in found:
        found.append(before)
    return found
