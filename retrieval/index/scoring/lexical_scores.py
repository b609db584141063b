"""
The lexical channel's scores of given passages, whichever engine proposed them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index.scoring import bm25
from retrieval.index.scoring.field_query import FIELDS, Field, FieldQuery
from retrieval.index.scoring.forward_index import ForwardIndex
from retrieval.index.scoring.term_statistics import TermStatistics
from retrieval.language.synonym import SYNONYM_WEIGHT

Scores = tuple[float, float, float]  # in the order of FIELDS


class LexicalScores:
    """
    BM25 scores (k1 1.2, b 0.75) of the rows of a forward index.

    Higher is better.

    0 for a passage that shares no term.
    """

    def __init__(self, forward: ForwardIndex, statistics: TermStatistics) -> None:
        self._forward = forward
        self._statistics = statistics

    def of_fields(self, queries: Mapping[Field, FieldQuery], rows: Sequence[int]) -> list[Scores]:
        """Each row's scores in the order of FIELDS."""
        exact, folded, title = (self.of(field, queries[field], rows).tolist() for field in FIELDS)
        return list(zip(exact, folded, title, strict=True))

    def of(self, field: Field, query: FieldQuery, rows: Sequence[int]) -> NDArray[np.float64]:
        """Each row's score in one field, (rows,) float64."""
        terms = list(dict.fromkeys(query))
        place = {term: i for i, term in enumerate(terms)}
        number, forward, statistics = FIELDS.index(field), self._forward, self._statistics
        counts = forward.counts(number, terms, rows)
        average = float(statistics.averages[number])
        term_scores = bm25.saturation(counts, forward.lengths(number, rows), average)
        term_scores *= np.array([statistics.idf(field, term) for term in terms])[:, None]

        def bag(wording: Sequence[str]) -> NDArray[np.float64]:
            return np.asarray(term_scores[[place[term] for term in wording]].sum(axis=0))

        total = bag(query.terms)
        for concept in query.concepts:
            total += np.max([bag(wording) for wording in concept], axis=0)
        for synonym in query.synonyms:
            shares = synonym_shares(statistics, field, synonym)
            total += np.max([share * bag(wording) for share, wording in shares], axis=0)
        return total


def synonym_shares(
    statistics: TermStatistics, field: Field, wordings: Sequence[tuple[str, ...]]
) -> list[tuple[float, tuple[str, ...]]]:
    """
    Each wording of a synonym with its weight, the typed one first with weight 1.

    A rarer wording is worth no more than the typed one, so that it cannot outrank a passage with the typed words.
    """
    typed, *others = wordings
    most = _weight(statistics, field, typed)
    shares = [SYNONYM_WEIGHT * min(1.0, most / (_weight(statistics, field, wording) or 1.0)) for wording in others]
    return list(zip((1.0, *shares), wordings, strict=True))


def _weight(statistics: TermStatistics, field: Field, terms: Sequence[str]) -> float:
    """The sum of the terms' idf."""
    return sum(statistics.idf(field, term) for term in terms)
