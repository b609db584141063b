"""
The order: candidates by learned weights over their evidence.

The weights are in `weights.json` beside this file, with the command that learns them and what they are worth on
sets they were not learned from. A passage's score is its weighted evidence: differences of scores are log odds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.index.candidate import Candidate
from retrieval.index.storage.store import DocumentRecord
from retrieval.passage import PassageKind
from retrieval.ranking.article_boost import part
from retrieval.ranking.features import NAMES, Evidence, Weigher
from retrieval.ranking.fusion import fuse
from retrieval.ranking.year_boost import period

WEIGHED = 30  # candidates whose words are read; on the development sets the right one is further back in 1 of 100
# A caption is short, which flatters every share, and says little by itself. The development sets hold none, so
# this is set by hand, in log odds.
_KIND: dict[PassageKind, float] = {"paragraph": 0.0, "footnote": 0.0, "caption": -1.5}
# Across languages a single token finds its like less surely than a whole text does. By hand, from a dozen questions.
_ACROSS = {"near": 0.5}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place; a higher score is better."""

    candidate: Candidate
    score: float
    evidence: Evidence
    parts: Mapping[str, float]  # what the score is the sum of: by evidence, and what is set by hand; log odds


def front(candidates: Sequence[Candidate], covered: float, rarest: float, k: int) -> list[Candidate]:
    """The candidates whose words and tokens are worth reading, at least `k`; `covered`, `rarest`: see `Weigher`."""
    return fuse(candidates, covered, rarest)[: max(WEIGHED, k)]


def order(
    candidates: Sequence[Candidate],
    near: Sequence[float],
    weigher: Weigher,
    document: Callable[[str], DocumentRecord],
) -> list[Ranked]:
    """
    The candidates, best first; `near` is the nearness of each, `document` gives a document by its id.
    Equal scores keep the order given: that of `front`, which keeps reading order, so that equal inputs rank equally.
    """
    ranked = []
    for candidate, nearness in zip(candidates, near, strict=True):
        record = document(candidate.passage.doc_id)
        evidence = weigher.weigh(candidate, nearness, record.title)
        parts = {
            **weighed(evidence, foreign=weigher.foreign),
            "kind": _KIND[candidate.passage.kind],
            "period": period(weigher.years, record.published),
            "part": part(weigher.named, candidate.passage.section),
        }
        ranked.append(Ranked(candidate, sum(parts.values()), evidence, parts))
    return sorted(ranked, key=lambda place: -place.score)


def weighed(evidence: Evidence, *, foreign: bool) -> dict[str, float]:
    """What each evidence adds by the learned weights, in log odds."""
    values = zip(NAMES, weights(foreign=foreign), evidence.values(), strict=True)
    return {name: weight * value for name, weight, value in values}


@cache
def weights(*, foreign: bool = False) -> tuple[float, ...]:
    """The learned weights, in the order of `evidence.NAMES`, for questions in the documents' language or another."""
    learned = json.loads((files("retrieval.ranking") / "weights.json").read_text(encoding="utf-8"))["weights"]
    return tuple(float(learned[name]) * (_ACROSS.get(name, 1.0) if foreign else 1.0) for name in NAMES)
