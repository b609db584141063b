"""
The protocol of vector indexes over windows, and `FlatIndex`, which searches exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

FILE = "dense.faiss"
_BLOCK = 128  # windows whose vectors stay in the CPU cache between being read and compared
_SIGN_AND_BEHIND = np.int32(-0x7000_0001)  # clears the three bits after the sign, into which the shift copies it
Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]


class VectorIndex(Protocol):
    """The window vectors of a generation; `dim`: their length, `precision`: how they are stored."""

    dim: int
    precision: Literal["float32", "float16"]

    def __len__(self) -> int: ...

    def nearest(self, queries: Vectors, k: int, mask: Mask | None) -> tuple[Vectors, NDArray[np.int64]]:
        """
        The `k` windows with the highest cosines for each query, best first.

        Args:
            queries: (q, dim) float32, unit rows.
            mask: (windows,) bool, the windows to consider.

        Returns:
            (q, k) float32 cosines and (q, k) int64 window numbers, -1 where there are no more.
        """
        ...

    def vectors(self, windows: NDArray[np.int64]) -> Vectors:
        """The vectors of these windows as stored, (n, dim) float32."""
        ...

    def cosines(self, queries: Vectors, windows: NDArray[np.int64]) -> Vectors:
        """The windows' cosines with each query, (n, q) float32; equal windows score equally."""
        ...


class FlatIndex:
    """Exact search: the inner product of unit vectors with every window."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self.dim = int(index.d)
        # The other kind written here is a scalar quantizer, whose codes are smaller than vectors.
        self.precision: Literal["float32", "float16"] = "float32" if index.sa_code_size() == 4 * self.dim else "float16"

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, queries: Vectors, k: int, mask: Mask | None) -> tuple[Vectors, NDArray[np.int64]]:
        """See `VectorIndex`."""
        import faiss

        chosen = None if mask is None else faiss.SearchParameters(sel=selector(mask))  # type: ignore[call-arg]
        scores, windows = self._index.search(queries, k, params=chosen)
        return scores, windows

    def vectors(self, windows: NDArray[np.int64]) -> Vectors:
        """See `VectorIndex`."""
        return np.asarray(self._index.reconstruct_batch(windows), np.float32)

    def cosines(self, queries: Vectors, windows: NDArray[np.int64]) -> Vectors:
        """See `VectorIndex`."""
        import faiss

        if not isinstance(self._index, faiss.IndexFlat):
            return cosines(self.vectors, queries, windows)
        # Computed in place: extracting the vectors first takes five times as long.
        query_array, window_array = np.ascontiguousarray(queries), np.tile(windows, (len(queries), 1))
        scores = np.empty(window_array.shape, np.float32)
        query_pointer, window_pointer, score_pointer = (
            faiss.swig_ptr(array) for array in (query_array, window_array, scores)
        )
        self._index.compute_distance_subset(  # type: ignore[attr-defined] # the stubs leave it out
            len(queries), query_pointer, len(windows), score_pointer, window_pointer
        )
        return scores.T

    @staticmethod
    def write(folder: Path, vectors: Vectors, precision: Literal["float32", "float16"]) -> None:
        """Write (n, dim) float32 unit rows into a generation's folder."""
        import faiss

        dim = vectors.shape[1]
        index: faiss.Index = faiss.IndexFlatIP(dim)
        if precision == "float16":
            index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.add(np.ascontiguousarray(vectors))
        write_index(index, folder / FILE)

    @classmethod
    def open(cls, folder: Path) -> FlatIndex:
        """Open a generation's index; OSError, RuntimeError or ValueError when it cannot be read."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))


def write_index(index: faiss.Index, path: Path) -> None:
    """Write a FAISS index to a file; OSError when the system refuses."""
    import faiss

    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS raises it for every system error
        raise OSError(f"{path}: {str(error).splitlines()[0]}") from error


def selector(mask: Mask) -> faiss.IDSelector:
    """The FAISS selector of the windows in a mask."""
    import faiss

    # FAISS's stubs declare the C++ constructors; its Python layer takes an array and keeps it alive.
    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]


def cosines(
    vectors_of: Callable[[NDArray[np.int64]], Vectors], queries: Vectors, windows: NDArray[np.int64]
) -> Vectors:
    """
    The cosines of (n,) windows with (q, dim) float32 queries, (n, q) float32.

    Not by a matrix product, whose sums depend on a row's position: equal passages must score equally.
    """
    scores = np.empty((len(windows), len(queries)), np.float32)
    for start in range(0, len(windows), _BLOCK):
        block = vectors_of(windows[start : start + _BLOCK])
        for i, query in enumerate(queries):
            np.einsum("wd,d->w", block, query, out=scores[start : start + _BLOCK, i])
    return scores


def float32_of(halves: NDArray[np.float16]) -> Vectors:
    """
    Convert finite float16 numbers in a third of the time that NumPy takes.

    Moving the bits to float32's positions makes the numbers 2^112 times too small, hence the factor.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_AND_BEHIND
    numbers = bits.view(np.float32)
    numbers *= np.float32(2.0**112)
    return numbers
