"""
An inverted file (IVF) of window vectors, for collections too large for exact search.

Codes of one bit a dimension (RaBitQ, Gao & Long 2024) choose the windows that are then compared by their float16
vectors. Neighbours are lost in cells that are never probed: a question lies further from every window than windows lie
from each other, so its neighbours are not in the nearest cells. Cheap codes make it affordable to probe many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.index.local.dense.flat_index import FILE, Mask, Vectors, cosines, float32_of, selector, write_index
from retrieval.index.scoring.search_plan import SearchPlan

if TYPE_CHECKING:
    import faiss

FULL = "windows-full.npy"
DEPTH = 10  # of the recall
_BLOCK = 50_000  # windows at a time, so that a build holds no second copy of them all
_TRAINING_WINDOWS_PER_CELL = 40  # about the least that FAISS accepts without a warning
_EXACT_BELOW = 4000  # masked windows that are compared one by one: about as fast, and exact
_COMPARED_COUNTS = (2000, 4000)  # 1,000 lose one in eight of a question's 100 nearest, 2,000 one in twenty
_PROBED_SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2)  # of the cells
_TOLERANCE = 1e-4  # float16 moves a cosine by less


class IvfIndex:
    """Approximate in which windows it finds, exact in their scores: see `SearchPlan`."""

    def __init__(self, codes: faiss.Index, full: NDArray[np.float16], plan: SearchPlan) -> None:
        if codes.ntotal != len(full):
            raise ValueError(f"each code belongs to a vector, found {codes.ntotal} codes and {len(full)} vectors")
        self._codes = codes
        self._full = full
        self._plan = plan
        self.dim = int(full.shape[1])
        self.precision: Literal["float32", "float16"] = "float16"

    def __len__(self) -> int:
        return len(self._full)

    def nearest(self, queries: Vectors, k: int, mask: Mask | None) -> tuple[Vectors, NDArray[np.int64]]:
        """See `VectorIndex`."""
        if mask is not None and (few := np.flatnonzero(mask)).size <= max(k, _EXACT_BELOW):
            candidates = np.tile(few, (len(queries), 1))
        else:
            candidates = self._candidate_windows(queries, max(k, self._plan.compared), mask)
        scores = np.full((len(queries), k), -2.0, np.float32)
        windows = np.full((len(queries), k), -1, np.int64)
        for i, query in enumerate(queries):
            own = np.sort(candidates[i][candidates[i] >= 0])  # in disk order
            found = self.cosines(query[None], own)[:, 0]
            best = np.argsort(-found, kind="stable")[:k]
            scores[i, : len(best)], windows[i, : len(best)] = found[best], own[best]
        return scores, windows

    def _candidate_windows(self, queries: Vectors, k: int, mask: Mask | None) -> NDArray[np.int64]:
        """The windows with the best codes, (q, k) int64; -1 only where there are fewer."""
        import faiss

        probes = self._plan.probes
        chosen = None if mask is None else selector(mask)
        if mask is not None:  # as many windows as without a mask lie in more cells
            probes = math.ceil(probes * len(mask) / int(mask.sum()))
        while True:
            probed = min(probes, self._plan.cells)
            # Queries in four bits a dimension find what eight bits find in three quarters of the time; unquantized
            # ones (0) take thirty times as long.
            settings = faiss.IVFRaBitQSearchParameters(nprobe=probed, sel=chosen, qb=4)  # type: ignore[call-arg]
            _, windows = self._codes.search(queries, k, params=settings)
            if probed == self._plan.cells or (windows >= 0).all():
                return np.asarray(windows, np.int64)
            probes *= 4

    def vectors(self, windows: NDArray[np.int64]) -> Vectors:
        """See `VectorIndex`."""
        return float32_of(self._full[windows])

    def cosines(self, queries: Vectors, windows: NDArray[np.int64]) -> Vectors:
        """See `VectorIndex`."""
        return cosines(self.vectors, queries, windows)

    @classmethod
    def write(cls, folder: Path, vectors: Vectors, questions: Vectors, target_recall: float) -> SearchPlan:
        """
        Write (n, dim) float32 unit rows into a generation's folder.

        Returns the cheapest plan that reaches `target_recall`, or else the one with the highest recall.
        """
        _write_full(folder / FULL, vectors)
        codes = _train_codes(vectors)
        write_index(codes, folder / FILE)
        return _measure_plan(codes, _open_full(folder), vectors, questions, target_recall)

    @classmethod
    def open(cls, folder: Path, plan: SearchPlan) -> IvfIndex:
        """Open a generation's index; OSError, RuntimeError or ValueError when it cannot be read."""
        import faiss

        codes = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP)
        # Over cells, not over queries: a question has one to three of them.
        codes.parallel_mode = 1  # type: ignore[attr-defined] # the stubs declare the base class
        return cls(codes, _open_full(folder), plan)


def _write_full(path: Path, vectors: Vectors) -> None:
    """Write vectors in float16, (n, dim)."""
    with path.open("wb") as file:  # through mapped memory a full disk would end the process, without an error
        header = {"descr": "<f2", "fortran_order": False, "shape": vectors.shape}
        np.lib.format.write_array_header_1_0(file, header)
        for block in _blocks(len(vectors)):
            file.write(vectors[block].astype("<f2").data)


def _open_full(folder: Path) -> NDArray[np.float16]:
    # A plain array over the mapped file: indexing a memmap is slower.
    return np.asarray(np.load(folder / FULL, mmap_mode="r"))


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))


def _train_codes(vectors: Vectors) -> faiss.IndexIVF:
    """Train codes with sqrt(n) cells; equal vectors give equal files."""
    import faiss

    dim, cells = vectors.shape[1], round(math.sqrt(len(vectors)))
    codes = faiss.IndexIVFRaBitQ(faiss.IndexFlatIP(dim), dim, cells, faiss.METRIC_INNER_PRODUCT)
    codes.train(vectors[_sample(len(vectors), _TRAINING_WINDOWS_PER_CELL * cells)])
    for block in _blocks(len(vectors)):
        codes.add(np.ascontiguousarray(vectors[block]))
    return codes


def _sample(count: int, size: int) -> NDArray[np.int64]:
    """At most `size` distinct numbers below `count`, ascending and deterministic."""
    return np.sort(np.random.default_rng(0).permutation(count)[:size])


def _measure_plan(
    codes: faiss.IndexIVF, full: NDArray[np.float16], vectors: Vectors, questions: Vectors, target_recall: float
) -> SearchPlan:
    own = vectors[_sample(len(vectors), 200)]
    needed = [(own, 1, _kth_best_cosines(vectors, own, DEPTH + 1))]  # itself, which it always finds, and ten others
    if len(questions):
        needed.append((questions, 0, _kth_best_cosines(vectors, questions, DEPTH)))
    plan = SearchPlan("float16", cells=codes.nlist, sample=len(own) + len(questions))

    def plan_with(share: float, compared: int) -> SearchPlan:
        tried = replace(plan, probes=math.ceil(share * codes.nlist), compared=compared)
        windows = IvfIndex(codes, full, tried)
        recall = min(_recall(windows, queries, itself, worst) for queries, itself, worst in needed)
        return replace(tried, recall=round(recall, 4))

    for compared in _COMPARED_COUNTS:
        best = plan_with(1.0, compared)
        if best.recall >= target_recall:
            cheaper = (plan_with(share, compared) for share in _PROBED_SHARES)
            return next((found for found in cheaper if found.recall >= target_recall), best)
    return best


def _kth_best_cosines(vectors: Vectors, queries: Vectors, k: int) -> Vectors:
    """The exact cosine of each query's k-th nearest window, (q,) float32."""
    import faiss

    scores, _ = faiss.knn(queries, vectors, min(k, len(vectors)), metric=faiss.METRIC_INNER_PRODUCT)
    worst: Vectors = scores[:, -1]
    return worst


def _recall(windows: IvfIndex, queries: Vectors, itself: int, worst: Vectors) -> float:
    """The share of the nearest windows found; ties with the last count as found."""
    scores, _ = windows.nearest(queries, DEPTH + itself, None)
    right = (scores >= worst[:, None] - _TOLERANCE).sum(axis=1) - itself
    return float((right / DEPTH).mean())
