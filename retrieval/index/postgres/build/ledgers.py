"""
The ledgers of a generation: what occurs more or less often than before it.

Terms, syllables and pairs are counted from the rows that were born or died with it, so that counting again gives the
same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final, LiteralString

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postgres.build.build_space import BuildSpace
from retrieval.index.postgres.database import Row
from retrieval.index.postgres.stored_generation import Totals
from retrieval.index.postgres.view import SEEN
from retrieval.index.records.spelling_counts import Counts, count_by_collection, pair_rows, syllable_rows

# Found by their documents, which are few: other rows need not be looked at.
_SIGNED: Final[LiteralString] = """
changed AS (
    SELECT id, collection, title, CASE WHEN born = %(number)s THEN 1 ELSE -1 END AS sign FROM {space}.documents
    WHERE born = %(number)s OR died = %(number)s
)
"""
_TEXTS: Final[LiteralString] = f"""
WITH {_SIGNED} SELECT collection, title, sign FROM changed
UNION ALL SELECT p.collection, p.text, c.sign FROM changed c JOIN {{space}}.passages p ON p.document = c.id
"""
_TERMS: Final[LiteralString] = f"""
WITH {_SIGNED} INSERT INTO {{space}}.terms
SELECT field, term, p.collection, %(number)s, sum(sign) FROM changed c JOIN {{space}}.passages p ON p.document = c.id
CROSS JOIN LATERAL (VALUES (0, p.exact), (1, p.folded), (2, p.title)) fields (field, words)
CROSS JOIN LATERAL (SELECT DISTINCT term FROM string_to_table(words, ' ') term WHERE term <> '') own
GROUP BY field, term, p.collection HAVING sum(sign) <> 0
"""
_TOTALS: Final[LiteralString] = f"""
SELECT collection, sum(passages), sum(windows), sum(lengths[1]), sum(lengths[2]), sum(lengths[3]), sum(bytes)
FROM {{space}}.documents WHERE {SEEN} GROUP BY collection
"""
_SYLLABLES: Final[LiteralString] = (
    "SELECT collection, sum(delta) FROM {space}.syllables WHERE number <= %(number)s GROUP BY collection"
)


def write_ledgers(space: BuildSpace) -> None:
    """Count what the generation has more or less than the one before."""
    with space.connection.transaction():
        for table in ("terms", "syllables", "pairs"):
            space.execute(f"DELETE FROM {{space}}.{table} WHERE number = %(number)s")
        space.execute(_TERMS)
        changed = space.execute(_TEXTS)
        _write(space, "syllables", syllable_rows, changed)
        _write(space, "pairs", pair_rows, changed)
    for table in ("terms", "syllables", "pairs"):
        space.run(f"ANALYZE {{space}}.{table}")


def _write(
    space: BuildSpace,
    table: LiteralString,
    rows_of: Callable[[dict[str, Counts]], Iterator[tuple[Any, ...]]],
    changed: Sequence[Row],
) -> None:
    for sign in (1, -1):
        counts = count_by_collection((collection, text) for collection, text, own in changed if own == sign)
        space.copy(table, ((*names, space.number, sign * count) for *names, count in rows_of(counts)))


def totals_text(space: BuildSpace) -> tuple[str, int, int]:
    """The totals of each collection in JSON; the bytes of all; the space's passages."""
    syllables = {name: int(count) for name, count in space.execute(_SYLLABLES)}
    found, size = {}, 0
    for name, *sums in space.execute(_TOTALS):
        passages, windows, *lengths, own_size = map(int, sums)
        found[name] = asdict(Totals(passages, windows, tuple(lengths), syllables.get(name, 0)))
        size += own_size
    ((rows,),) = space.execute("SELECT coalesce(sum(passages), 0)::bigint FROM {space}.documents")
    return json.dumps(found), size, rows


def order_bytes(order: NDArray[np.int64]) -> bytes:
    """The reading order as it is stored."""
    return order.astype("<i8").tobytes()
