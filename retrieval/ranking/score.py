"""
Scores: learned weights over features, plus boosts set by hand.

The weights are in `weights.json`, with the command that trains them and their quality on held-out sets. Differences of
scores are log odds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from retrieval.index.candidate import Candidate
from retrieval.index.storage.store import DocumentRecord
from retrieval.passage import PassageKind
from retrieval.ranking.article_boost import article_boost
from retrieval.ranking.features import NAMES, FeatureExtractor, Features
from retrieval.ranking.fusion import fuse
from retrieval.ranking.year_boost import year_boost

SHORTLIST = 30  # candidates whose features are computed; on the development sets it misses the right one in 1 of 100
# A caption is short, which inflates every share, and says little by itself. In log odds, set by hand, since the
# development sets have no captions.
_KIND_BOOST: dict[PassageKind, float] = {"paragraph": 0.0, "footnote": 0.0, "caption": -1.5}
# Across languages tokens match less reliably than whole texts. Set by hand, from a dozen questions.
_FOREIGN_SCALE = {"near": 0.5}


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate with its score; higher is better."""

    candidate: Candidate
    score: float
    features: Features
    contributions: Mapping[str, float]  # the summands of the score, in log odds: weighted features and boosts


def shortlist(
    candidates: Sequence[Candidate], covered: float, rarest_idf: float, k: int, named: AbstractSet[int] = frozenset()
) -> list[Candidate]:
    """
    The first-stage best, at least `k`, whose words and tokens are read; `named` rows first.

    Arguments as in `FeatureExtractor`.
    """
    fused = fuse(candidates, covered, rarest_idf)
    first = [candidate for candidate in fused if candidate.row in named][:SHORTLIST] if named else []
    others = [candidate for candidate in fused if candidate.row not in named] if named else fused
    return [*first, *others[: max(SHORTLIST, k) - len(first) // 2]]


def rank_candidates(
    candidates: Sequence[Candidate],
    near: Sequence[float],
    extractor: FeatureExtractor,
    document: Callable[[str], DocumentRecord],
    *,
    provisions: frozenset[str] = frozenset(),
    named: Callable[[Candidate], float] = lambda _: 0.0,
    force: Callable[[Candidate], float] = lambda _: 0.0,
    recency: Callable[[Candidate], float] = lambda _: 0.0,
) -> list[RankedCandidate]:
    """
    The candidates, best first.

    Equal scores keep the given order, so that equal inputs rank equally.

    Args:
        near: each candidate's MaxSim score.
        document: looks up a record by its id.
        provisions: those that the question names; see `article_boost`.
        named: the boost of what the question names, in log odds.
        force: the boost by legal force, in log odds; see `force_boost`.
        recency: the boost of new documents, in log odds; see `recency_boost`.
    """
    ranked = []
    for candidate, nearness in zip(candidates, near, strict=True):
        record = document(candidate.passage.doc_id)
        features = extractor.extract(candidate, nearness, record.title)
        contributions = {
            **learned_contributions(features, foreign=extractor.foreign),
            "kind": _KIND_BOOST[candidate.passage.kind],
            "period": year_boost(extractor.years, record.published),
            "part": article_boost(provisions, candidate.passage.section),
            "named": named(candidate),
            "force": force(candidate),
            "recent": recency(candidate),
        }
        ranked.append(RankedCandidate(candidate, sum(contributions.values()), features, contributions))
    return sorted(ranked, key=lambda place: -place.score)


def learned_contributions(features: Features, *, foreign: bool) -> dict[str, float]:
    """Each feature times its weight, in log odds."""
    values = zip(NAMES, weights(foreign=foreign), features.values(), strict=True)
    return {name: weight * value for name, weight, value in values}


@cache
def weights(*, foreign: bool = False) -> tuple[float, ...]:
    """The learned weights, in the order of `features.NAMES`."""
    learned = json.loads((files("retrieval.ranking") / "weights.json").read_text(encoding="utf-8"))["weights"]
    return tuple(float(learned[name]) * (_FOREIGN_SCALE.get(name, 1.0) if foreign else 1.0) for name in NAMES)
