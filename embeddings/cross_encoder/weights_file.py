"""
The shipped weights of the cross-encoder: 8-bit matrices, a scale for each row.

They are those of the bundled model's layers, trained further by `tests/benchmarks/cross_encoder/`. The word table and
the tokenizer are the bundled model's.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from embeddings.durable_file import file_sha256
from embeddings.errors import BundledFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from embeddings.vectors import Vectors

FILE = "weights.npz"
SHA256 = "efdaa9dc690e8e2fadd97d3451738bd65782919c6a57dcaf3f962e9c25f11550"
_SCALE = ".scale"
_LARGEST = 127


def shipped_file() -> Path:
    """The path of the shipped file."""
    return files("embeddings.cross_encoder") / FILE  # type: ignore[return-value]  # the package is never zipped


def read_weights(file: Path, sha256: str = SHA256) -> dict[str, Vectors]:
    """
    The weights by name, float32; matrices are (out, in).

    Raises:
        BundledFileError: the file is missing or not the one that was shipped.
    """
    found = file_sha256(file) if file.is_file() else "no file"
    if found != sha256:
        raise BundledFileError(f"{file} must have sha256 {sha256}, it has {found}: install trichdan again")
    with np.load(file) as stored:
        return {
            name: stored[name] * (stored[name + _SCALE][:, None] if name + _SCALE in stored else np.float32(1))
            for name in stored
            if not name.endswith(_SCALE)
        }


def write_weights(file: Path, weights: Mapping[str, Vectors]) -> None:
    """Write weights, matrices in 8 bits, each row by its own scale; the rest in float32."""
    stored: dict[str, np.ndarray] = {}
    for name, values in weights.items():
        if values.ndim == 1:
            stored[name] = values.astype(np.float32)
            continue
        scale = (np.abs(values).max(axis=1) / _LARGEST).clip(np.finfo(np.float32).tiny).astype(np.float32)
        stored[name] = np.rint(values / scale[:, None]).clip(-_LARGEST, _LARGEST).astype(np.int8)
        stored[name + _SCALE] = scale
    np.savez(file, allow_pickle=False, **stored)
