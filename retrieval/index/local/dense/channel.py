"""
The dense channel: passages by meaning, through FAISS over window vectors.

It identifies passages by their rows in one generation; `local_index.py` maps rows to passages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.local.dense.flat_index import FlatIndex, VectorIndex, Vectors
from retrieval.index.local.dense.ivf_index import FULL, IvfIndex
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.scoring.search_plan import SearchPlan

OWNERS = "windows.npy"
EXACT_TO = 100_000  # windows: exact search takes 17 ms and 150 MB there (tests/benchmarks/results/windows.md)
RECALL = 0.99  # recall@10 against exact search that anything faster must reach


class DenseChannel:
    """
    The dense channel: windows compared with questions by cosine.

    A score is the inner product of unit vectors, so it is in [-1, 1]; higher is better.

    `owners` is (windows,) int32: the passage row that each window belongs to, ascending.
    """

    def __init__(self, windows: VectorIndex, owners: NDArray[np.int32]) -> None:
        if len(windows) != len(owners):
            raise DamagedIndex(
                f"each vector belongs to a window, found {len(windows)} vectors and {len(owners)} windows: "
                "run `trichdan index --rebuild`"
            )
        self._windows = windows
        self._owners = owners

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return self._windows.dim

    @property
    def is_full(self) -> bool:
        """Whether the vectors are stored in float32, as they were computed."""
        return self._windows.precision == "float32"

    def search(self, queries: Vectors, k: int, rows: RowFilter | None = None) -> dict[int, float]:
        """
        At most `k` passage rows nearest to any query, with their best windows' scores.

        Args:
            queries: (q, dim) float32, unit rows.
            rows: the rows to consider.
        """
        mask = None if rows is None else rows.mask[self._owners]
        most = len(self._owners) if mask is None else int(mask.sum())
        limit = k
        while True:
            limit = min(limit * 4, most)  # several of the best windows may be of one passage
            scores, windows = self._windows.nearest(queries, max(limit, 1), mask)
            found = windows >= 0
            order = np.argsort(scores[found], kind="stable")  # the best window of a passage comes last and wins
            owners = self._owners[windows[found][order]]
            best = dict(zip(owners.tolist(), scores[found][order].tolist(), strict=True))
            if len(best) >= k or limit == most:
                return dict(sorted(best.items(), key=lambda place: (-place[1], place[0]))[:k])

    def score(self, queries: Vectors, passages: Sequence[int]) -> list[tuple[float, ...]]:
        """Each passage row's window scores, in window order, for the best query."""
        if not passages:
            return []
        windows, counts = self._windows_of(passages)
        scores = iter(self._windows.cosines(queries, windows).max(axis=1).tolist())
        return [tuple(islice(scores, count)) for count in counts.tolist()]

    def counts(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many windows each of these passages has, (n,) int64."""
        return self._windows_of(passages)[1]

    def vectors_of(self, passages: NDArray[np.int64]) -> Vectors:
        """The window vectors of these passages, (windows, dim) float32, passage by passage."""
        return self._windows.vectors(self._windows_of(passages)[0])

    def _windows_of(self, passages: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The window numbers of these passages, and how many windows each has."""
        rows = np.asarray(passages, self._owners.dtype)  # another dtype would make NumPy copy the owners
        first, end = np.searchsorted(self._owners, rows, "left"), np.searchsorted(self._owners, rows, "right")
        counts = end - first
        behind = np.cumsum(counts)
        return np.arange(counts.sum()) + np.repeat(end - behind, counts), counts

    @staticmethod
    def write(
        folder: Path,
        vectors: Vectors,
        owners: NDArray[np.int32],
        *,
        questions: Callable[[], Vectors] | None = None,
        exact_to: int = EXACT_TO,
        recall: float = RECALL,
    ) -> SearchPlan:
        """
        Write (n, dim) float32 unit rows and their owners into a generation's folder.

        Returns the search plan.

        `questions` yields typical query vectors, (m, dim) float32 unit rows; called only when needed.
        """
        np.save(folder / OWNERS, owners)
        if len(vectors) <= exact_to:
            FlatIndex.write(folder, vectors, "float32")
            return SearchPlan("float32")
        sample_queries = questions() if questions else np.zeros((0, vectors.shape[1]), np.float32)
        plan = IvfIndex.write(folder, vectors, sample_queries, recall)
        if plan.recall >= recall:
            return plan
        (folder / FULL).unlink()
        FlatIndex.write(folder, vectors, "float16")
        return SearchPlan("float16", recall=plan.recall, sample=plan.sample)

    @classmethod
    def open(cls, folder: Path, plan: SearchPlan | None = None) -> DenseChannel:
        """Open a generation's channel, or raise DamagedIndex; without a plan, as in older manifests, exact."""
        try:
            windows = IvfIndex.open(folder, plan) if plan and plan.cells else FlatIndex.open(folder)
            return cls(windows, np.load(folder / OWNERS))
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise DamagedIndex(
                f"the vectors in {folder} cannot be read ({reason}): run `trichdan index --rebuild`"
            ) from error
