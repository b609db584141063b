"""
How many passages of some collections hold a term, as Tantivy counts it.

Every passage's terms are indexed once more with its collection before them, without frequencies: the number of
passages of some collections that hold a term is then a few look-ups, and no search.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

import tantivy

from retrieval.index.scoring.field_query import FIELDS, Field


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
