"""
The weighted overlap of a question's terms with sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.language.synonym import SYNONYM_WEIGHT
from retrieval.question.query import Query

Weights = Mapping[str, float]
# In a total. Weights are whole numbers of them, whose sums are exact in any order: equal sentences score equally.
_UNITS = 1 << 40


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

    def shares(self, held: NDArray[np.bool_], columns: Mapping[str, int]) -> NDArray[np.float64]:
        """
        The share of the total weight that each sentence's terms have.

        (sentences,) float64 in [0, 1].

        Args:
            held: (sentences, terms) bool, which terms each sentence has.
            columns: the column of each term; terms without one are held by none.
        """
        if not self._total:
            return np.zeros(len(held))
        wordings = [self._terms, *(wording for _, choice in self._choices for wording in choice)]
        sums = held @ self._units(wordings, columns, held.shape[1])
        shares: NDArray[np.float64] = sums[:, 0]
        place = 1
        for _, choice in self._choices:
            shares = shares + sums[:, place : place + len(choice)].max(axis=1)
            place += len(choice)
        total = sum(map(self._in_units, [*self._terms.values(), *(weight for weight, _ in self._choices)]))
        return np.minimum(shares / total, 1.0)

    def _units(self, wordings: Sequence[Weights], columns: Mapping[str, int], width: int) -> NDArray[np.float64]:
        """The weight of each term in each wording, (terms, wordings) float64, in units."""
        units = np.zeros((width, len(wordings)))
        for number, wording in enumerate(wordings):
            for term, weight in wording.items():
                if term in columns:
                    units[columns[term], number] = self._in_units(weight)
        return units

    def _in_units(self, weight: float) -> int:
        return round(weight / self._total * _UNITS)


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
