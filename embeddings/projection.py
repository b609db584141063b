"""
Project token states to short unit vectors for late interaction.

The states of multilingual-e5 share one large direction, which carries no information, and most of the rest lies in a
third of the dimensions: on two unseen sets 128 principal components of the centred states rank as all 384 do, 64 give
half of the gain away.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np

from embeddings.vectors import Vectors, unit_rows

TOKEN_DIM = 128


@dataclass(frozen=True)  # without slots: cached_property needs __dict__
class Projection:
    """Subtract `mean` (dim,) float32, apply the orthonormal `basis` (dim, token_dim) float32."""

    mean: Vectors
    basis: Vectors
    texts: int = 0  # how many it was learned from, 0 if that is of no consequence

    @classmethod
    def load(cls, data: bytes) -> Projection:
        """What `dump` gave; ValueError, OSError or KeyError if it did not."""
        stored = np.load(io.BytesIO(data))
        texts = int(stored["texts"]) if "texts" in stored else 0
        return cls(stored["mean"].astype(np.float32), stored["basis"].astype(np.float32), texts)

    def dump(self) -> bytes:
        """As a file."""
        data = io.BytesIO()
        np.savez(data, mean=self.mean, basis=self.basis, texts=np.int64(self.texts))
        return data.getvalue()

    @property
    def token_dim(self) -> int:
        """The length of a token's vector."""
        return int(self.basis.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Identifies the projection. Needed for every query, so hashed once."""
        return hashlib.sha256(self.mean.tobytes() + self.basis.tobytes()).hexdigest()[:12]

    def __call__(self, states: Vectors) -> Vectors:
        """(tokens, dim) float32 -> (tokens, token_dim) float32, unit rows."""
        return unit_rows(np.matmul(states - self.mean, self.basis, dtype=np.float32))


def bundled_projection() -> Projection:
    """
    The projection of the bundled model.

    Principal components of its states over news paragraphs that no question set uses, written by
    `python -m tests.benchmarks.train_projection ARTICLES`.
    """
    return Projection.load((files("embeddings") / "projection.npz").read_bytes())


def learn_projection(states: Vectors, texts: int) -> Projection:
    """
    The mean and the principal components of the token states of texts, (tokens, dim) float32.

    By subspace iteration (Halko, Martinsson & Tropp 2011, algorithm 4.4), always with the same start. It takes seconds
    where a whole decomposition of 4,096 dimensions takes minutes.
    """
    mean = states.mean(axis=0, dtype=np.float64).astype(np.float32)
    centred = states - mean
    width = min(centred.shape[1], TOKEN_DIM)
    start = np.random.default_rng(0).standard_normal((centred.shape[1], min(centred.shape[1], width + 16)))
    basis, _ = np.linalg.qr(start.astype(np.float32))
    for _ in range(8):
        basis, _ = np.linalg.qr(centred.T @ (centred @ basis))
    within = (centred @ basis).astype(np.float64)
    _, turns = np.linalg.eigh(within.T @ within)  # ascending
    return Projection(mean, np.ascontiguousarray((basis @ turns[:, ::-1])[:, :width], dtype=np.float32), texts)


def random_projection(dim: int) -> Projection:
    """
    The projection of a model before another was learned: fixed random orthonormal directions.

    Inner products are preserved on average (Johnson and Lindenstrauss 1984).
    """
    gaussian = np.random.default_rng(0).standard_normal((dim, min(dim, TOKEN_DIM)))
    basis, _ = np.linalg.qr(gaussian)
    return Projection(np.zeros(dim, np.float32), basis.astype(np.float32))
