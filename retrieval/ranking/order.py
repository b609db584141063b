"""
The order: candidates by learned weights over their evidence.

The weights are in `weights.json` beside this file, with the command that learns them and what they are worth on
sets they were not learned from. A passage's score is its weighted evidence: differences of scores are log odds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.index.lexical import Field
from retrieval.index.local import Candidate
from retrieval.passage import PassageKind
from retrieval.question.query import Query
from retrieval.ranking.evidence import NAMES, Evidence, Weigher
from retrieval.ranking.fusion import fuse

WEIGHED = 30  # candidates whose words are read; on the development sets the right one is further back in 1 of 100
# A caption is short, which flatters every share, and says little by itself. The development sets hold none, so
# this is set by hand, in log odds.
_KIND: dict[PassageKind, float] = {"paragraph": 0.0, "footnote": 0.0, "caption": -1.5}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place; a higher score is better."""

    candidate: Candidate
    score: float
    evidence: Evidence


def order(
    candidates: Sequence[Candidate],
    query: Query,
    idf: Callable[[Field, str], float],
    *,
    covered: float,
    rarest: float,
    k: int,
) -> list[Ranked]:
    """
    The at least `k` best candidates, best first. Equal scores keep the order of the fusion, and that the reading
    order, so that equal inputs rank equally.

    `covered` and `rarest`: see `Weigher`.
    """
    weigher = Weigher(query, idf, covered=covered, rarest=rarest)
    front = fuse(candidates, covered, rarest)[: max(WEIGHED, k)]
    ranked = [_ranked(candidate, weigher.weigh(candidate)) for candidate in front]
    return sorted(ranked, key=lambda place: -place.score)


def _ranked(candidate: Candidate, evidence: Evidence) -> Ranked:
    score = sum(weight * value for weight, value in zip(weights(), evidence.values(), strict=True))
    return Ranked(candidate, score + _KIND[candidate.passage.kind], evidence)


@cache
def weights() -> tuple[float, ...]:
    """The learned weights, in the order of `evidence.NAMES`."""
    learned = json.loads((files("retrieval.ranking") / "weights.json").read_text(encoding="utf-8"))["weights"]
    return tuple(float(learned[name]) for name in NAMES)
