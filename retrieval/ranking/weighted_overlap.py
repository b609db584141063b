"""
The weighted overlap of a question's terms with a sentence's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import fsum

from retrieval.language.synonym import SYNONYM_WEIGHT
from retrieval.question.query import Query

Weights = Mapping[str, float]


class WeightedOverlap:
    """
    Terms that add up, and concepts whose best wording counts; created once for each question.

    Args:
        terms: weights by term.
        things: the concepts, each as the weights of its wordings; one weighs as much as its commonest wording.
        synonyms: likewise, typed wording first; one weighs as much as that, and the others count for less.
    """

    def __init__(
        self,
        terms: Weights,
        things: Sequence[Sequence[Weights]] = (),
        synonyms: Sequence[Sequence[Weights]] = (),
    ) -> None:
        self._terms = terms
        self._choices = [
            *(
                _scaled_wordings(min(sum(w.values()) for w in wordings), [(w, 1.0) for w in wordings])
                for wordings in things
            ),
            *(
                _scaled_wordings(sum(typed.values()), [(typed, 1.0), *((w, SYNONYM_WEIGHT) for w in others)])
                for typed, *others in synonyms
            ),
        ]
        self._total = sum(terms.values()) + sum(weight for weight, _ in self._choices)

    def share(self, found: AbstractSet[str]) -> float:
        """The share of the total weight that the terms found have, in [0, 1]."""
        if not self._total or not found:
            return 0.0
        held = _held(self._terms, found)
        for _, wordings in self._choices:
            if any(not found.isdisjoint(wording) for wording in wordings):
                held += max([_held(wording, found) for wording in wordings])
        return held / self._total


def weighted_overlap(query: Query, weigh: Callable[[str], float], *, pairs: bool) -> WeightedOverlap:
    """
    The overlap with the question's syllables, or with its pairs of neighbours.

    In the documents' language every wording of a concept counts. For an English question only one wording can occur.
    """

    def weighed(terms: Iterable[str]) -> Weights:
        return {term: weigh(term) for term in dict.fromkeys(terms) if ("_" in term) == pairs}

    if not query.gloss:
        synonyms = tuple(tuple(weighed(wording.folded) for wording in synonym) for synonym in query.synonyms)
        return WeightedOverlap(weighed(query.match_terms), synonyms=synonyms)
    things = tuple(tuple(weighed(wording.folded) for wording in concept) for concept in query.concepts)
    return WeightedOverlap(weighed(query.terms.folded), things)


def _scaled_wordings(weight: float, wordings: Sequence[tuple[Weights, float]]) -> tuple[float, list[Weights]]:
    """
    A concept's weight, and the terms of its wordings scaled to it.

    The terms of a wording sum to the weight times the wording's share.
    """
    return weight, [
        {term: weight * worth * own / (sum(wording.values()) or 1.0) for term, own in wording.items()}
        for wording, worth in wordings
    ]


def _held(terms: Weights, found: AbstractSet[str]) -> float:
    """
    The weight of the terms found.

    By `fsum`, since a set has no order and plain sums depend on it.
    """
    return fsum([terms[term] for term in terms.keys() & found])
