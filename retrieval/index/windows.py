"""
The Windows: vectors by number, and which of them are nearest. `FlatWindows` looks at every one.

Apart from the dense channel, which knows to which passage a window belongs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import faiss

FILE = "dense.faiss"
Vectors = NDArray[np.float32]
Held = NDArray[np.bool_]


class Windows(Protocol):
    """All windows of a generation; `dim` is the length of a vector, `precision` that in which vectors are held."""

    dim: int
    precision: Literal["float32", "float16"]

    def __len__(self) -> int: ...

    def nearest(self, queries: Vectors, k: int, held: Held | None) -> tuple[Vectors, NDArray[np.int64]]:
        """
        The `k` windows with the highest cosines for each of the queries ((q, dim) float32, unit rows): (q, k) float32
        cosines and (q, k) int64 numbers, -1 where there are no more. `held`: (windows,) bool, the only ones to look at.
        """
        ...

    def vectors(self, windows: NDArray[np.int64]) -> Vectors:
        """The vectors of these windows, (n, dim) float32."""
        ...


class FlatWindows:
    """Exact: the inner product of unit vectors with each window."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self.dim = int(index.d)
        # The other index that is written is a quantizer's, whose codes are smaller than vectors.
        self.precision: Literal["float32", "float16"] = "float32" if index.sa_code_size() == 4 * self.dim else "float16"

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, queries: Vectors, k: int, held: Held | None) -> tuple[Vectors, NDArray[np.int64]]:
        """See `Windows`."""
        import faiss

        chosen = None if held is None else faiss.SearchParameters(sel=selector(held))  # type: ignore[call-arg]
        scores, windows = self._index.search(queries, k, params=chosen)
        return scores, windows

    def vectors(self, windows: NDArray[np.int64]) -> Vectors:
        """See `Windows`."""
        found: Vectors = self._index.reconstruct_batch(windows)
        return found

    @staticmethod
    def write(folder: Path, vectors: Vectors, precision: Literal["float32", "float16"]) -> None:
        """Puts (n, dim) float32 unit rows into a generation's folder."""
        import faiss

        dim = vectors.shape[1]
        index: faiss.Index = faiss.IndexFlatIP(dim)
        if precision == "float16":
            index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.add(np.ascontiguousarray(vectors))
        write_index(index, folder / FILE)

    @classmethod
    def open(cls, folder: Path) -> FlatWindows:
        """Those in a generation's folder; an OSError, RuntimeError or ValueError when they cannot be read."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))


def write_index(index: faiss.Index, path: Path) -> None:
    """Puts an index of FAISS into a file; OSError for whatever the system has against it."""
    import faiss

    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # FAISS's own for all of that
        raise OSError(f"{path}: {str(error).splitlines()[0]}") from error


def selector(held: Held) -> faiss.IDSelector:
    """What tells FAISS which windows to look at."""
    import faiss

    # FAISS's stubs give the constructors of C++; its Python layer takes an array, and keeps it alive.
    return faiss.IDSelectorBitmap(np.packbits(held, bitorder="little"))  # type: ignore[call-arg, arg-type]


def cosines(vectors: Vectors, queries: Vectors) -> Vectors:
    """
    (n, dim) and (q, dim) unit rows -> (n, q). Not by a matrix product, whose sums depend on a row's place in it: equal
    passages must score equally.
    """
    scores: Vectors = np.stack([np.einsum("wd,d->w", vectors, query) for query in queries], axis=1)
    return scores
