"""
Synthetic vectors distributed like those of a real corpus.

Each is a real window, moved as far and in such directions as separate a window from its tenth neighbour.

Uniform noise would be no measure: all of it is equally far from everything, and no index can tell it apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.vectors import unit_rows
from retrieval.index.local.generations import generation

STEP = 0.6  # of that distance: the tenth neighbour is then at 0.94, as among real windows of news (0.93)
_BLOCK = 20_000


def windows_of(indexes: list[Path]) -> NDArray[np.float32]:
    """All different window vectors of these index folders, (n, dim) float32 unit rows."""
    found = []
    for index in indexes:
        vectors = faiss.read_index(str(generation.live_folder(index) / "dense.faiss"))
        found.append(vectors.reconstruct_n(0, vectors.ntotal))
    return np.asarray(np.unique(np.concatenate(found), axis=0), np.float32)


def synthetic_vectors(real: NDArray[np.float32], count: int, seed: int = 1) -> Iterator[NDArray[np.float32]]:
    """`count` unit rows in blocks."""
    rng = np.random.default_rng(seed)
    turn = STEP * _spread(real).T
    for start in range(0, count, _BLOCK):
        near = real[rng.integers(0, len(real), min(_BLOCK, count - start))]
        yield unit_rows(near + rng.standard_normal(near.shape, dtype=np.float32) @ turn)


def _spread(real: NDArray[np.float32]) -> NDArray[np.float32]:
    """A square root of the covariance of what lies between a window and its tenth neighbour."""
    some = real[np.random.default_rng(0).permutation(len(real))[:2000]]
    _, neighbours = faiss.knn(some, real, 11, metric=faiss.METRIC_INNER_PRODUCT)
    values, directions = np.linalg.eigh(np.cov((real[neighbours[:, 10]] - some).T))
    return np.asarray(directions * np.sqrt(np.maximum(values, 0)), np.float32)
