"""
Vectors on their way from the embedding cache to FAISS, not held in memory.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray


class VectorFile:
    """
    Vectors in a file without a name, which the system removes with the process.

    Args:
        folder: where the file lies.
        dim: how many numbers a vector has.
    """

    def __init__(self, folder: Path, dim: int) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as this
        self._dim = dim
        self._rows = 0

    def append(self, vectors: NDArray[np.float32]) -> None:
        """Add (n, dim) float32 rows; OSError when the disk is full."""
        self._file.write(np.ascontiguousarray(vectors).data)
        self._rows += len(vectors)

    def read(self) -> NDArray[np.float32]:
        """All rows, (rows, dim) float32, mapped into memory; they outlive this object."""
        if not self._rows:
            return np.empty((0, self._dim), np.float32)
        self._file.flush()
        return np.asarray(np.memmap(self._file, np.float32, mode="r", shape=(self._rows, self._dim)))

    def close(self) -> None:
        """Remove the file, once nothing is mapped any more."""
        self._file.close()
