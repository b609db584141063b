"""
The statements by which the engine proposes passages.

Each also brings what the client scores them by: numbers of terms, lengths, cosines of windows. Several proposals are
put together by UNION ALL: for UNION the planner would rather read all rows in the order of their ids.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, LiteralString

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postgres.database import Statement
from retrieval.index.postgres.term_words import words_of
from retrieval.index.postgres.view import View
from retrieval.index.scoring.field_query import Field, FieldQuery
from retrieval.index.scoring.search_plan import SearchPlan

SEARCHED_FIELDS: Final[tuple[Field, ...]] = ("exact", "folded")  # a match in the title alone proposes nothing
_MOST: Final = 1000  # passages that are asked for on account of others, and may be sent
EXACT_TO: Final = 5_000  # windows that are compared one by one: a few milliseconds, and none is missed
_SCORED: Final[LiteralString] = "p.id, p.document, p.ordinal, p.lengths, p.numbers"
_BY_WORDS: Final[LiteralString] = (
    f"SELECT {_SCORED} FROM {{space}}.passages p WHERE {{seen}} "
    "ORDER BY {field} <@> to_bm25query(%(words)s, '{space}.passages_{field}') LIMIT %(most)s"
)
_COSINES: Final[LiteralString] = "array(SELECT {cosine} FROM {space}.windows w WHERE w.passage = p.id ORDER BY w.nth)"
_NEAREST: Final[LiteralString] = "(SELECT passage FROM {space}.windows WHERE {seen} ORDER BY {distance} LIMIT %(most)s)"


def by_words(view: View, queries: Mapping[Field, FieldQuery], most: int) -> list[Statement]:
    """
    The `most` best passages of each searched field in which anything is asked.

    More are asked for where the index has many rows that may not be seen: pg_textsearch searches once more when too few
    are left, and then proposes some twice and misses others that score equally.

    A statement for each field: inside of another one, pg_textsearch computes the score of every row once more.
    """
    share = view.stored.rows / max(view.totals.passages, 1)
    most = max(most, min(_MOST, math.ceil(most * share)))
    return [
        view.statement(_BY_WORDS.replace("{field}", field), words=words_of(queries[field]), most=most)
        for field in SEARCHED_FIELDS
        if any(queries[field])
    ]


def by_id(view: View, ids: Sequence[int]) -> Statement:
    """These passages."""
    return view.statement(f"SELECT {_SCORED} FROM {{space}}.passages p WHERE p.id = ANY(%(ids)s)", ids=list(ids))


def exploring(view: View, plan: SearchPlan | None) -> list[Statement]:
    """What must be sent before `by_vectors`, in the same trip."""
    if _is_exact(view, plan) or plan is None:
        return []
    return [Statement("SELECT set_config('hnsw.ef_search', %(explored)s, false)", {"explored": str(plan.explored)})]


def by_vectors(
    view: View, plan: SearchPlan | None, vectors: NDArray[np.float32], most: int, ids: Sequence[int]
) -> Statement:
    """
    The passages of the `most` windows nearest to each reading, and these.

    Behind the columns of `by_words` stand whether a passage is among the nearest, and each window's best cosine.
    """
    values = {f"q{place}": vector_text(vector) for place, vector in enumerate(vectors)}
    is_exact = _is_exact(view, plan)
    readings = [f"%({name})s::vector" for name in values]
    width = vectors.shape[1]
    distances = [
        f"(vector <#> {reading}) + 0" if is_exact else f"vector::halfvec({width}) <#> {reading}::halfvec({width})"
        for reading in readings
    ]
    near = " UNION ALL ".join(_NEAREST.replace("{distance}", distance) for distance in distances)
    cosine = f"greatest({', '.join(f'-(w.vector <#> {reading})' for reading in readings)})"
    return view.statement(
        f"WITH near AS MATERIALIZED ({near}), "
        "chosen AS (SELECT passage FROM near UNION SELECT unnest(%(ids)s::bigint[])) "
        f"SELECT {_SCORED}, p.id IN (SELECT passage FROM near), {_COSINES.replace('{cosine}', cosine)} "
        "FROM {space}.passages p WHERE p.id = ANY(array(SELECT passage FROM chosen))",
        ids=list(ids),
        most=most,
        **values,
    )


def _is_exact(view: View, plan: SearchPlan | None) -> bool:
    return plan is None or not plan.links or view.totals.windows <= EXACT_TO


def vector_text(vector: NDArray[np.float32]) -> str:
    """A vector as PostgreSQL reads it, to the last bit."""
    return f"[{','.join(f'{number:.9g}' for number in vector.tolist())}]"
