"""
The statistics that BM25 weighs terms by: of all passages, or of some collections' alone.

Every passage's terms are indexed once more with its collection before them, without frequencies: the number of
passages of some collections that hold a term is then a few look-ups, and no search.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

import numpy as np
import tantivy
from numpy.typing import NDArray

from retrieval.index.scoring import bm25
from retrieval.index.scoring.field_query import FIELDS, Field

_CACHED = 1 << 14  # terms: a question looks up each of its terms a dozen times or more


class TermStatistics:
    """
    How many passages there are, how many hold a term, and how long they are.

    Args:
        passages: their number.
        averages: the mean length of each field in terms, (fields,) float64.
        count: how many of them hold a term in a field.
        among: the statistics of all passages, where these are of some.
    """

    def __init__(
        self,
        passages: int,
        averages: NDArray[np.float64],
        count: Callable[[Field, str], int],
        among: TermStatistics | None = None,
    ) -> None:
        self.passages = passages
        self.averages = averages
        # Closures over values, not over this object: a cycle would keep a replaced generation's files open for longer.
        self.frequency = frequency = lru_cache(_CACHED)(count)
        self.idf = lru_cache(_CACHED)(lambda field, term: bm25.idf(passages, frequency(field, term)))
        self._among = among

    def share_of_idf(self, field: Field, term: str) -> float:
        """The idf of a term in units of its idf among all passages."""
        return self.idf(field, term) / self._among.idf(field, term) if self._among else 1.0

    @classmethod
    def of_all(cls, searcher: tantivy.Searcher, averages: NDArray[np.float64]) -> TermStatistics:
        """Of all passages of an index."""
        return cls(searcher.num_docs, averages, lambda field, term: int(searcher.doc_freq(field, term)))

    def of_some(
        self, count: Callable[[Field, str], int], averages: NDArray[np.float64], passages: int
    ) -> TermStatistics:
        """Of some of these passages, as many as `passages`."""

        def count_if_any(field: Field, term: str) -> int:
            return count(field, term) if self.frequency(field, term) else 0

        return TermStatistics(passages, averages, count_if_any, self)


def collection_counts(searcher: tantivy.Searcher, collections: frozenset[str]) -> Callable[[Field, str], int]:
    """What counts the passages of these collections with a term; `has_collection_terms` must hold."""
    prefixes = [_prefix(name) for name in sorted(collections)]

    def count(field: Field, term: str) -> int:
        return sum(int(searcher.doc_freq(_collection_field(field), f"{prefix}{term}")) for prefix in prefixes)

    return count


def has_collection_terms(searcher: tantivy.Searcher) -> bool:
    """Whether terms were written by collection, as by every version since 0.3.0."""
    try:
        searcher.doc_freq(_collection_field(FIELDS[0]), "")
    except ValueError:  # there is no such field
        return False
    return True


def add_collection_fields(builder: tantivy.SchemaBuilder) -> None:
    """Add the fields that count each collection's passages with a term."""
    for field in FIELDS:
        builder.add_text_field(
            _collection_field(field), stored=False, tokenizer_name="whitespace", index_option="basic"
        )


def add_collection_terms(document: tantivy.Document, field: Field, collection: str, terms: str) -> None:
    """Add the terms of a passage's field, separated by spaces, as its collection's."""
    prefix = _prefix(collection)
    document.add_text(_collection_field(field), " ".join(f"{prefix}{term}" for term in dict.fromkeys(terms.split())))


def _collection_field(field: Field) -> str:
    return f"{field} by collection"


@lru_cache(1 << 10)
def _prefix(collection: str) -> str:
    """What stands before a collection's terms: without blanks, and no other's prefix."""
    return f"{quote(collection, safe='')}/"
