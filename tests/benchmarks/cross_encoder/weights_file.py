"""
Weights of a cross-encoder in a file: 8-bit matrices, a scale for each row.

`weights.npz` beside this module are those of the last training, from which the next one may start.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.vectors import Vectors

SEGMENT = "segment"  # the weight that is added to the word rows of the text's tokens
_SCALE = ".scale"
_LARGEST = 127


def read_weights(file: Path) -> dict[str, Vectors]:
    """The weights by name, float32; matrices are (out, in)."""
    with np.load(file) as stored:
        return {
            name: stored[name] * (stored[name + _SCALE][:, None] if name + _SCALE in stored else np.float32(1))
            for name in stored
            if not name.endswith(_SCALE)
        }


def write_weights(file: Path, weights: Mapping[str, Vectors]) -> None:
    """Write weights, matrices in 8 bits, each row by its own scale; the rest in float32."""
    stored: dict[str, NDArray[Any]] = {}
    for name, values in weights.items():
        if values.ndim == 1:
            stored[name] = values.astype(np.float32)
            continue
        scale = (np.abs(values).max(axis=1) / _LARGEST).clip(np.finfo(np.float32).tiny).astype(np.float32)
        stored[name] = np.rint(values / scale[:, None]).clip(-_LARGEST, _LARGEST).astype(np.int8)
        stored[name + _SCALE] = scale
    np.savez(file, allow_pickle=False, **stored)
