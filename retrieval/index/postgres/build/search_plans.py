"""
Choose how the windows of a generation are searched, by measuring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, LiteralString, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postgres.build.build_space import BuildSpace
from retrieval.index.postgres.database import Row
from retrieval.index.postgres.proposals import EXACT_TO, vector_text
from retrieval.index.postgres.view import SEEN
from retrieval.index.scoring.search_plan import SearchPlan

RECALL: Final = 0.99  # recall@10 against exact search that anything faster must reach
LINKS: Final = 32  # with 16, pgvector's default, one in eight of a question's hundred nearest is lost
_BUILT_WITH: Final = 200  # candidates that are followed for each new window
_EXPLORED: Final = (100, 200, 400, 800)
_DEPTH: Final = 10
_OWN: Final = 200  # windows that are searched for, beside questions
_TOLERANCE: Final = 1e-4  # float16 moves a cosine by less
_GROWTH: Final = 1.2  # beyond which a plan is measured anew
_INDEX: Final[LiteralString] = """
CREATE INDEX IF NOT EXISTS windows_near ON {space}.windows
USING hnsw ((vector::halfvec({dim})) halfvec_ip_ops) WITH (m = {links}, ef_construction = {built})
"""
_EXACT: Final[LiteralString] = (
    f"SELECT -(vector <#> %(asked)s::vector) FROM {{space}}.windows WHERE {SEEN} "
    "ORDER BY (vector <#> %(asked)s::vector) + 0 LIMIT %(most)s"
)
_NEAR: Final[LiteralString] = (
    f"SELECT -(vector <#> %(asked)s::vector) FROM {{space}}.windows WHERE {SEEN} "
    "ORDER BY vector::halfvec({dim}) <#> %(asked)s::halfvec({dim}) LIMIT %(most)s"
)
_SAMPLE: Final[LiteralString] = (
    f"SELECT vector::text FROM {{space}}.windows WHERE {SEEN} AND (passage * 7919 + nth) %% %(step)s = 0 LIMIT %(most)s"
)

Execute: TypeAlias = Callable[..., list[Row]]  # runs a statement about one generation, with values by name


def search_plan(
    space: BuildSpace,
    windows: int,
    dim: int,
    previous: tuple[SearchPlan, int] | None,
    questions: Callable[[], NDArray[np.float32]],
) -> SearchPlan:
    """
    The cheapest plan that reaches RECALL, or else an exact one.

    Args:
        windows: how many the generation has.
        previous: the plan of the generation before in this space, and how many windows that had.
        questions: yields typical query vectors, (n, dim) float32 unit rows; called only when needed.
    """
    if windows <= EXACT_TO:
        return SearchPlan("float32")
    space.run(_with(_INDEX, dim))
    if previous and previous[0].links and previous[1] / _GROWTH <= windows <= previous[1] * _GROWTH:
        return previous[0]
    asked = [*sampled_windows(space.execute, windows, _OWN), *map(vector_text, questions())]
    best = {vector: _cosines(space.execute, _EXACT, vector, dim) for vector in asked}
    plan = SearchPlan("float16", links=LINKS, sample=len(asked))
    tried = plan
    for explored in _EXPLORED:
        space.connection.execute(
            "SELECT set_config('hnsw.ef_search', %s, false), set_config('enable_seqscan', 'off', false)",
            (str(explored),),
        )
        recall = measured_recall(space.execute, asked, dim, best)
        tried = SearchPlan("float16", recall=round(recall, 4), sample=len(asked), links=LINKS, explored=explored)
        if recall >= RECALL:
            break
    space.connection.execute("RESET enable_seqscan")
    return tried if tried.recall >= RECALL else SearchPlan("float32", recall=tried.recall, sample=tried.sample)


def sampled_windows(execute: Execute, windows: int, most: int) -> list[str]:
    """
    Vectors of about `most` windows from all over a generation.

    `windows`: how many it has.
    """
    rows = execute(_SAMPLE, step=max(1, windows // most), most=most)
    return [vector for (vector,) in rows]


def measured_recall(
    execute: Execute, asked: Sequence[str], dim: int, best: Mapping[str, NDArray[np.float64]] | None = None
) -> float:
    """
    The mean share of the ten nearest windows that the graph finds.

    `best`: the cosines of the ten nearest of each vector asked; compared one by one here if None.
    """
    known = best or {vector: _cosines(execute, _EXACT, vector, dim) for vector in asked}
    return float(np.mean([_recall(_cosines(execute, _NEAR, vector, dim), known[vector]) for vector in asked]))


def _with(text: LiteralString, dim: int) -> LiteralString:
    numbers = {"{dim}": str(dim), "{links}": str(LINKS), "{built}": str(_BUILT_WITH)}
    for name, number in numbers.items():
        text = text.replace(name, number)
    return text


def _cosines(execute: Execute, text: LiteralString, asked: str, dim: int) -> NDArray[np.float64]:
    rows = execute(_with(text, dim), asked=asked, most=_DEPTH)
    return np.array([cosine for (cosine,) in rows])


def _recall(found: NDArray[np.float64], best: NDArray[np.float64]) -> float:
    """The share of the nearest windows found; ties with the last count as found."""
    return float((found >= best[-1] - _TOLERANCE).sum() / len(best))
