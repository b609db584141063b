"""
The forward index: the syllables of each passage by its row, where Tantivy has the passages by term.

Tantivy finds. To score chosen passages, as each channel must score what another one found, it walks through the
passages of every term: at 70,000 passages that took 8 ms a field, to count in the passages themselves takes under 1 ms.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex

FILE = "forward.bin"
ENDS = "forward-ends.npy"
LENGTHS = "forward-lengths.npy"
_END = 0  # behind the syllables of each field, so that the last of one is no neighbour of the first of the next


@lru_cache(maxsize=1 << 16)
def _term_number(term: str) -> int:
    """
    What stands for a term of one syllable, or for an official number or a date. (Two that share one are rarer than one
    question in a thousand, and then a term is counted where there is none: it moves a score, nothing that is quoted.)
    """
    return crc32(term.encode()) or 1  # 0 is `_END`


class ForwardIndex:
    """
    Counts terms in passages. A passage is a row, and has as many fields as it was written with, known by their places.

    `numbers` is (n,) uint32: of each passage, field by field, what stands for its terms of one syllable, in order, and
    `_END`. Pairs are neighbours. `ends` (passages * fields,) int64 says where each field ends, `lengths` (passages,
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
        # (fields,) float64; of one that is empty everywhere, in which nothing is found, any above nothing serves.
        self.averages = np.maximum(lengths.mean(axis=0), 1e-9) if len(lengths) else np.ones(lengths.shape[1])

    def lengths(self, field: int, rows: Sequence[int]) -> NDArray[np.int32]:
        """(passages,) how many terms a field of these passages has."""
        return self._lengths[rows, field]

    def counts(self, field: int, terms: Sequence[str], rows: Sequence[int]) -> NDArray[np.int64]:
        """(terms, passages) how often each of the terms occurs in a field of these passages."""
        numbers, ends = self._numbers_of(field, rows)
        parts = [[_term_number(syllable) for syllable in term.split("_")] for term in terms]
        # Few syllables of a passage are the question's. The rest is looked at once, not once a term, and by half of its
        # number, for which a table says whether it can be one of them.
        table = np.zeros(1 << 16, np.bool_)
        table[[first & 0xFFFF for first, *_ in parts]] = True
        met = np.flatnonzero(table.take(numbers.view(np.uint16)[::2]))
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
        """The numbers of a field of these passages, one after the other, and where each passage ends among them."""
        places = np.asarray(rows) * self._lengths.shape[1] + field
        starts, ends = self._starts[places], self._starts[places + 1]
        pieces = [self._numbers[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return np.concatenate(pieces), np.cumsum(ends - starts)

    @classmethod
    def open(cls, folder: Path) -> ForwardIndex:
        """That in a generation's folder, or DamagedIndex."""
        try:
            numbers = np.memmap(folder / FILE, "<u4", mode="r")
            # Plain arrays over the same memory: to cut a piece from a memmap takes ten times as long.
            return cls(np.asarray(numbers), np.load(folder / ENDS), np.load(folder / LENGTHS))
        except (OSError, ValueError) as error:
            raise DamagedIndex(
                f"the syllables in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
            ) from error


class ForwardWriter:
    """Puts the fields of one passage after another into a generation's folder."""

    def __init__(self, folder: Path, fields: int) -> None:
        self._folder = folder
        self._fields = fields
        self._sizes = array("q")
        self._lengths = array("i")
        self._file = (folder / FILE).open("wb")

    def add(self, *fields: Sequence[str]) -> None:
        """The terms of a passage, field by field, in order."""
        for terms in fields:
            numbers = [*(_term_number(term) for term in terms if "_" not in term), _END]
            self._file.write(np.array(numbers, "<u4").tobytes())
            self._sizes.append(len(numbers))
            self._lengths.append(len(terms))

    def close(self) -> None:
        """Writes where each one ends."""
        self._file.close()
        np.save(self._folder / ENDS, np.cumsum(self._sizes, dtype=np.int64))
        np.save(self._folder / LENGTHS, np.array(self._lengths, np.int32).reshape(-1, self._fields))
