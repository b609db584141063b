"""
Row filters: which passages of a generation a search may find.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.reading.collection import collection_of


@dataclass(frozen=True)  # no slots: `cached_property` needs a __dict__
class RowFilter:
    """`mask` is (passages,) bool: whether each row may be found."""

    mask: NDArray[np.bool_]

    @classmethod
    def of(cls, doc_ids: Iterable[str], collections: frozenset[str]) -> RowFilter:
        """The passages of these collections; `doc_ids`: each passage's document, in row order."""
        return cls(np.array([collection_of(doc_id) in collections for doc_id in doc_ids], dtype=np.bool_))

    @property
    def count(self) -> int:
        """How many rows may be found."""
        return int(self.mask.sum())

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """
        The first and last row of each contiguous run.

        Few, because documents are stored in path order, with the retained ones at the end: a folder is one run plus its
        retained documents.
        """
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.mask, [False]]).astype(np.int8)))
        return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]
