"""
Check the collections that `--within` names against the index.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.errors import UnknownCollection
from retrieval.reading.collection import collection_name, collection_named
from retrieval.retriever import Retriever


def resolve_collections(retriever: Retriever, names: Sequence[str] | None) -> frozenset[str] | None:
    """
    The named collections, None when none is named.

    Raises:
        UnknownCollection: the index lacks one.
    """
    if not names:
        return None
    known = retriever.collections()
    for name in names:
        if collection_named(name) not in known:
            raise UnknownCollection(
                f"a collection is a first-level folder of the documents, the index has none called {name!r}: "
                f"choose from {', '.join(sorted(map(collection_name, known)))}"
            )
    return frozenset(map(collection_named, names))
