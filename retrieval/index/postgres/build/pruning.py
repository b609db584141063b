"""
Remove the generations that nobody needs any more, with the rows that only they see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString

import psycopg

from retrieval.index.postgres.database import Row, Statement, run_statement
from retrieval.index.postgres.readers import FORGOTTEN_AFTER
from retrieval.index.postgres.schema import SWEEP, schema_of

_FORGET: Final[LiteralString] = (
    "DELETE FROM trichdan.readers WHERE index_name = %s AND seen < now() - make_interval(secs => %s)"
)
_READ: Final[LiteralString] = "SELECT DISTINCT generation FROM trichdan.readers WHERE index_name = %s"
_REMOVE: Final[LiteralString] = "DELETE FROM trichdan.generations WHERE index_name = %s AND name <> ALL(%s)"
_SPACES: Final[LiteralString] = """
SELECT s.id, array_remove(array_agg(g.number ORDER BY g.number), NULL) FROM trichdan.spaces s
LEFT JOIN trichdan.generations g ON g.space = s.id WHERE s.index_name = %s GROUP BY s.id
"""
_UNSEEN: Final[LiteralString] = (
    "NOT EXISTS (SELECT FROM unnest(%(numbers)s::int[]) kept WHERE born <= kept AND kept < died)"
)
# Which rows go is known by their documents.
_DELETE: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM {space}.windows WHERE passage IN (SELECT id FROM {space}.passages WHERE document = ANY(%(gone)s))",
    "DELETE FROM {space}.passages WHERE document = ANY(%(gone)s)",
    "DELETE FROM {space}.documents WHERE id = ANY(%(gone)s)",
)
_LEDGERS: Final[dict[LiteralString, LiteralString]] = {  # with what each line is about
    "terms": "field, term, collection",
    "syllables": "folded, spelling, collection",
    "pairs": "folded, first, second, collection",
}
# Lines of the first generation stay as they are unless a later one changed them.
_FOLD: Final[LiteralString] = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT {key} FROM {space}.{table} WHERE number > 1 AND number <= %(oldest)s
), gone AS (
    DELETE FROM {space}.{table} WHERE ({key}) IN (SELECT {key} FROM touched) AND number <= %(oldest)s RETURNING *
)
INSERT INTO {space}.{table} SELECT {key}, %(oldest)s, sum(delta) FROM gone GROUP BY {key} HAVING sum(delta) <> 0
"""


def kept_generations(connection: psycopg.Connection[Row], index: str, history: Sequence[str]) -> list[str]:
    """The names of the history, and of what a reader told lately that it reads."""
    connection.execute(_FORGET, (index, FORGOTTEN_AFTER))
    return list(dict.fromkeys((*history, *(name for (name,) in connection.execute(_READ, (index,)).fetchall()))))


def prune(connection: psycopg.Connection[Row], index: str, history: Sequence[str]) -> None:
    """
    Remove all generations but those of the history and those that are being read.

    `history`: the names to keep, the live one first.
    """
    kept = []
    with connection.transaction():
        # A reader that comes now is told afterwards that its generation is gone, before it reads half of it. It waits
        # no longer than this: whoever opens the live generation comes here, too.
        connection.execute("LOCK TABLE trichdan.readers IN SHARE ROW EXCLUSIVE MODE")
        connection.execute(_REMOVE, (index, kept_generations(connection, index, history)))
    with connection.transaction():  # what breaks off here is removed by the next build
        for space, numbers in connection.execute(_SPACES, (index,)).fetchall():
            if numbers:
                _prune_space(connection, space, numbers)
                kept.append(space)
            else:
                connection.execute(Statement("DROP SCHEMA {space} CASCADE", space=schema_of(space)).sql)
                connection.execute("DELETE FROM trichdan.spaces WHERE id = %s", (space,))
    for space in kept:
        for statement in SWEEP:
            connection.execute(Statement(statement, space=schema_of(space)).sql)


def _prune_space(connection: psycopg.Connection[Row], space: int, numbers: Sequence[int]) -> None:
    def execute(text: LiteralString, **values: object) -> list[Row]:
        return run_statement(connection, Statement(text, values, schema_of(space)))

    unseen = execute(f"SELECT id FROM {{space}}.documents WHERE {_UNSEEN}", numbers=list(numbers))
    gone = [row for (row,) in unseen]
    if gone:
        for text in _DELETE:
            execute(text, gone=gone)
    for table, key in _LEDGERS.items():
        execute(_FOLD.replace("{table}", table).replace("{key}", key), oldest=min(numbers))
