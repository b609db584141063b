"""
Token vectors of all passages, in a file.

It is memory-mapped: a question touches only the passages that it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.scoring.token_codes import BlockSimilarities, Codes, block_similarities

FILE = "tokens.npy"
ENDS = "tokens-ends.npy"


class TokenChannel:
    """
    Compares given passages by their tokens; it does not search.

    `codes` is (tokens, dim / 2) uint8, the passages concatenated; `ends` (passages,) int64 is where each one ends.
    """

    def __init__(self, codes: Codes, ends: NDArray[np.int64]) -> None:
        if len(codes) != (ends[-1] if len(ends) else 0):
            raise DamagedIndex(
                f"each token belongs to a passage, found {len(codes)} tokens where the last passage ends at "
                f"{ends[-1] if len(ends) else 0}: run `trichdan index --rebuild`"
            )
        self._codes = codes
        self._ends = ends

    def block_similarities(self, vectors: NDArray[np.float32], rows: Sequence[int]) -> BlockSimilarities:
        """
        Compare a question's tokens with the passages of these rows.

        `vectors`: (tokens, dim) float32 unit rows, of one or several readings of the question.
        """
        return block_similarities([self.codes_of(row) for row in rows], vectors)

    def codes_of(self, row: int) -> Codes:
        """The codes of a passage, (tokens, dim / 2) uint8."""
        return self._codes[self._ends[row - 1] if row else 0 : self._ends[row]]

    @staticmethod
    def write(folder: Path, passages: Iterable[Codes]) -> None:
        """Stream the codes of all passages, in row order, into a generation's folder."""
        counts: list[int] = []
        with (folder / FILE).open("wb") as file:
            for codes in passages:
                if not counts:
                    _write_header(file, (0, codes.shape[1]))
                file.write(np.ascontiguousarray(codes).data)
                counts.append(len(codes))
            file.seek(0)
            _write_header(file, (sum(counts), codes.shape[1]))
        np.save(folder / ENDS, np.cumsum(counts, dtype=np.int64))

    @classmethod
    def open(cls, folder: Path) -> TokenChannel:
        """Open a generation's channel, or raise DamagedIndex."""
        try:
            # A plain array over the mapped memory: slicing a memmap takes ten times as long.
            return cls(np.asarray(np.load(folder / FILE, mmap_mode="r")), np.load(folder / ENDS))
        except (OSError, ValueError) as error:
            raise DamagedIndex(
                f"the token vectors in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
            ) from error


def _write_header(file: BinaryIO, shape: tuple[int, int]) -> None:
    """Write NumPy's header, whose padding allows rewriting it once the number of rows is known."""
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
