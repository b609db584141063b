"""
Scores: learned weights over features, plus boosts set by hand.

The shipped weights are in `weights.json`, with the command that trains them and their quality on held-out sets.
Differences of scores are log odds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType

from retrieval.index.candidate import Candidate, PassageKey
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import PassageKind
from retrieval.ranking.article_boost import article_boost
from retrieval.ranking.features import NAMES, FeatureExtractor, Features
from retrieval.ranking.fusion import fuse
from retrieval.ranking.learned.calibration import shipped_calibration
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
    candidates: Sequence[Candidate],
    covered: float,
    rarest_idf: float,
    k: int,
    named: AbstractSet[PassageKey] = frozenset(),
) -> list[Candidate]:
    """
    The first-stage best, at least `k`, whose words and tokens are read.

    Those with `named` keys come first.

    Arguments as in `FeatureExtractor`.
    """
    fused = fuse(candidates, covered, rarest_idf)
    first = [candidate for candidate in fused if candidate.key in named][:SHORTLIST] if named else []
    others = [candidate for candidate in fused if candidate.key not in named] if named else fused
    return [*first, *others[: max(SHORTLIST, k) - len(first) // 2]]


def rank_candidates(
    candidates: Sequence[Candidate],
    near: Sequence[float],
    extractor: FeatureExtractor,
    document: Callable[[str], DocumentRecord],
    *,
    provisions: frozenset[str] = frozenset(),
    boosts: Mapping[str, Callable[[Candidate], float]] = MappingProxyType({}),
    weights: Mapping[str, float] | None = None,
) -> list[RankedCandidate]:
    """
    The candidates, best first.

    Equal scores keep the given order, so that equal inputs rank equally.

    Args:
        near: each candidate's MaxSim score.
        document: looks up a record by its id.
        provisions: those that the question names; see `article_boost`.
        boosts: further ones by name, in log odds.
        weights: of the features, None for the shipped ones.
    """
    learned = shipped_calibration().weights if weights is None else weights
    ranked = []
    records = [document(candidate.passage.doc_id) for candidate in candidates]
    extracted = extractor.extract(candidates, near, [record.title for record in records])
    for candidate, record, features in zip(candidates, records, extracted, strict=True):
        contributions = {
            **learned_contributions(features, learned, foreign=extractor.foreign),
            "kind": _KIND_BOOST[candidate.passage.kind],
            "period": year_boost(extractor.years, record.published),
            "part": article_boost(provisions, candidate.passage.section),
            **{name: boost(candidate) for name, boost in boosts.items()},
        }
        ranked.append(RankedCandidate(candidate, sum(contributions.values()), features, contributions))
    return sorted(ranked, key=lambda place: -place.score)


def learned_contributions(features: Features, weights: Mapping[str, float], *, foreign: bool) -> dict[str, float]:
    """Each feature times its weight, in log odds."""
    scale = _FOREIGN_SCALE if foreign else {}
    values = zip(NAMES, features.values(), strict=True)
    return {name: weights[name] * scale.get(name, 1.0) * value for name, value in values}
