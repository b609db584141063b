"""
The tokens of all passages, for late interaction: each token of a question looks for its nearest (Khattab & Zaharia
2020, ColBERT). What that says for a passage is weighed in `ranking.nearness`.

Every token of every passage is kept, in four bits a dimension: 64 bytes. On the development sets that ranks as float32
does. The file is mapped, not read: a question touches the few passages that it is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex

FILE = "tokens.npy"
ENDS = "tokens-ends.npy"
BLOCK = 8  # tokens: a stretch of a passage is looked at in steps of so many
Codes = NDArray[np.uint8]
# The components of a unit vector in n random directions have deviation 1 / sqrt(n). Beyond 3.3 deviations (1 in 1,000)
# they are cut off.
_WIDEST = 3.3


def pack(vectors: NDArray[np.float32]) -> Codes:
    """(tokens, dim) float32 unit rows -> (tokens, dim / 2) bytes, two dimensions each; dim is even."""
    step = _step(vectors.shape[1])
    levels = np.clip(np.floor(vectors / step) + 8, 0, 15).astype(np.uint8)
    packed: Codes = levels[:, 0::2] | (levels[:, 1::2] << 4)
    return packed


def unpack(codes: Codes) -> NDArray[np.float32]:
    """The vectors again: each component in the middle of its step."""
    even, odd = np.split(_levels(codes), 2, axis=1)
    vectors: NDArray[np.float32] = np.stack([even, odd], axis=2).reshape(len(codes), 2 * codes.shape[1]) - np.float32(
        7.5
    )
    return vectors * np.float32(_step(vectors.shape[1]))


def _step(dim: int) -> float:
    return _WIDEST / float(np.sqrt(dim)) / 8


class TokenChannel:
    """
    Compares passages by their tokens; it finds none by itself.

    `codes` is (tokens, dim / 2), all passages one after the other; `ends` (passages,) int64 says where each one ends.
    """

    def __init__(self, codes: Codes, ends: NDArray[np.int64]) -> None:
        if len(codes) != (ends[-1] if len(ends) else 0):
            raise DamagedIndex(
                f"each token belongs to a passage, found {len(codes)} tokens where the last passage ends at "
                f"{ends[-1] if len(ends) else 0}: run `trichdan index --rebuild`"
            )
        self._codes = codes
        self._ends = ends

    def nearest(self, vectors: NDArray[np.float32], rows: Sequence[int]) -> list[NDArray[np.float32]]:
        """
        For each passage row (blocks, tokens) float32: the cosine, in [-1, 1], of each of the question's tokens with the
        nearest one in each block of BLOCK neighbouring tokens of the passage; (0, tokens) where it has none.

        `vectors`: (tokens, dim) float32 unit rows, of one reading of the question.
        """
        # Passage by passage: the sums of one large product depend on a row's place in it, and equal passages would
        # not score equally.
        return [_by_block(_cosines(self.codes_of(row), vectors)) for row in rows]

    def codes_of(self, row: int) -> Codes:
        """The codes of a passage, (tokens, dim / 2)."""
        return np.asarray(self._codes[self._ends[row - 1] if row else 0 : self._ends[row]])

    @staticmethod
    def write(folder: Path, passages: Iterable[Codes]) -> None:
        """Puts the codes of all passages, in the order of their rows, into a generation's folder, never all at once."""
        counts: list[int] = []
        with (folder / FILE).open("wb") as file:
            for codes in passages:
                if not counts:
                    _begin(file, (0, codes.shape[1]))
                file.write(np.ascontiguousarray(codes).data)
                counts.append(len(codes))
            file.seek(0)
            _begin(file, (sum(counts), codes.shape[1]))
        np.save(folder / ENDS, np.cumsum(counts, dtype=np.int64))

    @classmethod
    def open(cls, folder: Path) -> TokenChannel:
        """The channel in a generation's folder, or DamagedIndex."""
        try:
            return cls(np.load(folder / FILE, mmap_mode="r"), np.load(folder / ENDS))
        except (OSError, ValueError) as error:
            raise DamagedIndex(
                f"the token vectors in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
            ) from error


def _begin(file: BinaryIO, shape: tuple[int, int]) -> None:
    """The head of NumPy's format, whose room for the number of rows lets it be written again when that is known."""
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})


def _cosines(codes: Codes, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    (passage tokens, question tokens). Instead of turning each passage's levels into components, the question is turned
    once: for a component step * (level - 7.5), q . p = step * (q . levels - 7.5 * sum(q)).
    """
    scaled = vectors * np.float32(_step(vectors.shape[1]))
    turned = np.concatenate([scaled[:, 0::2], scaled[:, 1::2]], axis=1)  # as `_levels` orders the dimensions
    cosines: NDArray[np.float32] = _levels(codes) @ turned.T - np.float32(7.5) * scaled.sum(axis=1)
    return cosines


def _by_block(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """(passage tokens, question tokens) -> (blocks, question tokens)"""
    if not len(cosines):
        return cosines
    return np.maximum.reduceat(cosines, np.arange(0, len(cosines), BLOCK), axis=0)


def _levels(codes: Codes) -> NDArray[np.float32]:
    """(tokens, dim / 2) bytes -> (tokens, dim) levels from 0 to 15, the even dimensions before the odd ones."""
    levels = np.empty((len(codes), 2, codes.shape[1]), np.float32)
    np.bitwise_and(codes, 15, out=levels[:, 0], casting="unsafe")
    np.right_shift(codes, 4, out=levels[:, 1], casting="unsafe")
    return levels.reshape(len(codes), 2 * codes.shape[1])
