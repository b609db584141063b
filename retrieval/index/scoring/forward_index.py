"""
The forward index: the terms of each passage, by row.

Each channel must score what another one found. Engines have passages by term, so for that Tantivy walks through the
postings of every term, which took 8 ms a field at 70,000 passages; counting terms in the passages themselves takes
under 1 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex

_END = 0  # ends each field, so that its last syllable does not pair with the next field's first


@lru_cache(maxsize=1 << 16)
def term_number(term: str) -> int:
    """
    The number of a one-syllable term, an official number or a date.

    A collision affects fewer than one question in a thousand: it miscounts a term, which moves a score but no quote.
    """
    return crc32(term.encode()) or 1  # 0 is `_END`


def field_numbers(terms: Sequence[str]) -> NDArray[np.uint32]:
    """The numbers of a field's one-syllable terms in order, and its end."""
    return np.array([*(term_number(term) for term in terms if "_" not in term), _END], "<u4")


def field_ends(numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each field ends in concatenated `field_numbers`."""
    return np.flatnonzero(numbers == _END) + 1


def possible_places(numbers: NDArray[np.uint32], wanted: Sequence[int]) -> NDArray[np.int64]:
    """
    Where some wanted numbers may stand in others, (places,) int64, ascending.

    Few syllables of a passage are the question's. A table of the lower half of each number rules out nearly all others
    in one pass, instead of one pass a term.
    """
    table = np.zeros(1 << 16, np.bool_)
    table[[number & 0xFFFF for number in wanted]] = True
    return np.flatnonzero(table.take(numbers.view(np.uint16)[::2]))


class ForwardIndex:
    """
    Counts terms in passages, which are identified by row; fields are identified by position.

    `numbers` is (n,) uint32: for each passage, field by field, the numbers of its one-syllable terms in order, then
    `_END`; pairs are neighbours. `ends` (passages * fields,) int64 is where each field ends, `lengths` (passages,
    fields) int32 how many terms it has, pairs included.
    """

    def __init__(self, numbers: NDArray[np.uint32], ends: NDArray[np.int64], lengths: NDArray[np.int32]) -> None:
        if len(ends) != lengths.size or len(numbers) != (ends[-1] if len(ends) else 0):
            raise DamagedIndex(
                f"each field of a passage ends, and the last one ends it all: found {len(ends)} ends of {lengths.size} "
                f"fields and {len(numbers)} numbers: run `trichdan index --rebuild`"
            )
        self._numbers = numbers
        self._starts = np.concatenate([[0], ends])
        self._lengths = lengths
        self.averages = self.averages_of(np.ones(len(lengths), np.bool_))

    def lengths(self, field: int, rows: Sequence[int]) -> NDArray[np.int32]:
        """How many terms a field of these passages has, (passages,) int32."""
        return self._lengths[rows, field]

    def averages_of(self, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        """
        The mean length of each field over some passages, (fields,) float64.

        `mask` is (passages,) bool: whether each passage counts.
        For a field that is empty everywhere, any positive number will do.
        """
        if not mask.any():
            return np.ones(self._lengths.shape[1])
        averages: NDArray[np.float64] = np.maximum(self._lengths[mask].mean(axis=0), 1e-9)
        return averages

    def numbers_of(self, field: int, row: int) -> NDArray[np.uint32]:
        """The numbers of a field of one passage, (terms,) uint32, without its end."""
        place = row * self._lengths.shape[1] + field
        return self._numbers[self._starts[place] : self._starts[place + 1] - 1]

    def counts(self, field: int, terms: Sequence[str], rows: Sequence[int]) -> NDArray[np.int64]:
        """How often each term occurs in a field of these passages, (terms, passages) int64."""
        numbers, ends = self._numbers_of(field, rows)
        parts = [[term_number(syllable) for syllable in term.split("_")] for term in terms]
        met = possible_places(numbers, [first for first, *_ in parts])
        passages, firsts = np.searchsorted(ends, met, "right"), numbers[met]
        seconds = numbers[np.minimum(met + 1, len(numbers) - 1)]
        counts = np.empty((len(terms), len(rows)), np.int64)
        for count, (first, *second) in zip(counts, parts, strict=True):
            found = firsts == first
            if second:
                found &= seconds == second[0]
            count[:] = np.bincount(passages[found], minlength=len(rows))
        return counts

    def _numbers_of(self, field: int, rows: Sequence[int]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The concatenated numbers of a field of these passages, and where each passage ends."""
        places = np.asarray(rows) * self._lengths.shape[1] + field
        starts, ends = self._starts[places], self._starts[places + 1]
        pieces = [self._numbers[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.concatenate(pieces), np.cumsum(ends - starts)
