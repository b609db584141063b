"""
The Rows: those passages of a generation that a search may find, as each channel wants to be told.

Apart from the channels, which know no documents, and from the store, which knows no searches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.reading.collection import collection_of


@dataclass(frozen=True)  # without slots, for what is found out once
class RowFilter:
    """`mask` is (passages,) bool: whether the passage of that row may be found."""

    mask: NDArray[np.bool_]

    @classmethod
    def of(cls, doc_ids: Iterable[str], collections: frozenset[str]) -> RowFilter:
        """The passages of these collections; `doc_ids` names the document of each passage, in the order of the rows."""
        return cls(np.array([collection_of(doc_id) in collections for doc_id in doc_ids], dtype=np.bool_))

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """
        The first and the last row of each unbroken run. Documents stand in the order of their paths, behind them those
        that a build kept because their files could not be read: a folder is one run and some of the kept ones, the root
        as many as there are folders between its files, and one, and some.
        """
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.mask, [False]]).astype(np.int8)))
        return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]
