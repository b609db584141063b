"""
The dense channel: passages by meaning, through FAISS over window vectors.

It knows passages only as row numbers of one generation; `index.py` gives them their names back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.rows import Rows

if TYPE_CHECKING:
    import faiss

FILE = "dense.faiss"
OWNERS = "windows.npy"


class DenseChannel:
    """
    Exact inner product over unit vectors, so a score is a cosine: in [-1, 1], higher is better.

    `owners` is (windows,) int32: the passage row that each window belongs to, ascending.
    """

    def __init__(self, vectors: faiss.Index, owners: NDArray[np.int32]) -> None:
        if vectors.ntotal != len(owners):
            raise DamagedIndex(
                f"each vector belongs to a window, found {vectors.ntotal} vectors and {len(owners)} windows: "
                "run `trichdan index --rebuild`"
            )
        self._vectors = vectors
        self._owners = owners

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._vectors.d)

    def search(self, queries: NDArray[np.float32], k: int, rows: Rows | None = None) -> dict[int, float]:
        """
        The passages of the windows nearest to any of the queries ((q, dim) float32, unit rows), each with the
        score of its best window: at least `k` passages when there are as many. `rows`: the only ones to look at.
        """
        best: dict[int, float] = {}
        wanted = k
        chosen, most = self._chosen(rows)
        while True:
            wanted = min(wanted * 4, most)  # several windows of one passage may crowd the front
            scores, windows = self._vectors.search(queries, max(wanted, 1), params=chosen)
            found = windows >= 0  # FAISS answers -1 where it has no neighbour
            for row, score in zip(self._owners[windows[found]], scores[found], strict=True):
                if score > best.get(int(row), -2.0):
                    best[int(row)] = float(score)
            if len(best) >= k or wanted == most:
                return best

    def _chosen(self, rows: Rows | None) -> tuple[faiss.SearchParameters | None, int]:
        """What tells FAISS which windows to look at, and how many those are."""
        if rows is None:
            return None, len(self._owners)
        import faiss

        held = rows.held[self._owners]
        # FAISS's stubs give the constructors of C++; its Python layer takes arrays and keywords, and keeps both alive.
        selector = faiss.IDSelectorBitmap(np.packbits(held, bitorder="little"))  # type: ignore[call-arg, arg-type]
        return faiss.SearchParameters(sel=selector), int(held.sum())  # type: ignore[call-arg]

    def score(self, queries: NDArray[np.float32], passages: list[int]) -> dict[int, tuple[float, ...]]:
        """For each of the passage rows the score of each of its windows, in order, for the best query."""
        scores = {}
        for passage in passages:
            first, end = np.searchsorted(self._owners, [passage, passage + 1])
            vectors = self._vectors.reconstruct_n(int(first), int(end - first))
            scores[passage] = tuple((vectors @ queries.T).max(axis=1).tolist())
        return scores

    @staticmethod
    def write(folder: Path, vectors: NDArray[np.float32], owners: NDArray[np.int32]) -> None:
        """Puts (n, dim) float32 unit rows and their owners into a generation's folder."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        try:
            faiss.write_index(index, str(folder / FILE))
        except RuntimeError as error:  # FAISS's own for whatever the system says
            raise OSError(f"{folder / FILE}: {str(error).splitlines()[0]}") from error
        np.save(folder / OWNERS, owners)

    @classmethod
    def open(cls, folder: Path) -> DenseChannel:
        """The channel in a generation's folder, or DamagedIndex."""
        import faiss

        try:
            return cls(faiss.read_index(str(folder / FILE)), np.load(folder / OWNERS))
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise DamagedIndex(
                f"the vectors in {folder} cannot be read ({reason}): run `trichdan index --rebuild`"
            ) from error
