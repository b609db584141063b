"""
What of the question a sentence should hold: terms that add up, and things in several wordings of which the best counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from retrieval.language.synonym import WORTH
from retrieval.question.query import Query

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Weights by term; of a thing in several wordings, those of each wording; of a synonym what was typed first."""

    terms: Weights
    things: tuple[tuple[Weights, ...], ...] = ()
    synonyms: tuple[tuple[Weights, ...], ...] = ()

    def share(self, found: AbstractSet[str]) -> float:
        """The share, in [0, 1] and by weight, of what is wanted that is among the terms found."""
        held, total = _held(self.terms, found), sum(self.terms.values())
        for wordings in self.things:
            # A thing weighs what its commonest wording does, however it was written.
            weight = min(sum(wording.values()) for wording in wordings)
            held += weight * max(_share(wording, found) for wording in wordings)
            total += weight
        for typed, *others in self.synonyms:
            weight = sum(typed.values())
            best = max((_share(wording, found) for wording in others), default=0.0)
            held += weight * max(_share(typed, found), WORTH * best)
            total += weight
        return held / total if total else 0.0


def wanted(query: Query, weigh: Callable[[str], float], *, pairs: bool) -> Wanted:
    """
    The syllables that the question is made of, or its pairs of neighbours, weighed.

    In a question in the documents' language what was typed is wanted in every wording. In English it is not there to be
    found, so one wording is all that can be.
    """

    def weighed(terms: Iterable[str]) -> Weights:
        return {term: weigh(term) for term in dict.fromkeys(terms) if ("_" in term) == pairs}

    if not query.glossed:
        synonyms = tuple(tuple(weighed(wording.folded) for wording in synonym) for synonym in query.synonyms)
        return Wanted(weighed(query.telling), synonyms=synonyms)
    things = tuple(tuple(weighed(wording.folded) for wording in concept) for concept in query.concepts)
    return Wanted(weighed(query.terms.folded), things)


def _share(weights: Weights, found: AbstractSet[str]) -> float:
    return _held(weights, found) / (sum(weights.values()) or 1.0)


def _held(weights: Weights, found: AbstractSet[str]) -> float:
    return sum(weights[term] for term in weights.keys() & found)
