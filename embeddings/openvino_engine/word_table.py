"""
Word embedding rows, read from the memory-mapped model file.

The table is four fifths of the model and needs no computing: it stays mapped in float16, and a query touches some
twenty rows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.vectors import Vectors

_WORDS = "embeddings.word_embeddings.weight"
_TYPES: dict[str, type[np.floating[Any]]] = {"F16": np.float16, "F32": np.float32}


class WordTable:
    """
    The word embeddings of a safetensors file.

    Format: header length (u64, little-endian), header (JSON: each tensor's type, shape and offsets), then the tensors.
    Read without the library, which would copy the whole table.
    """

    def __init__(self, file: Path) -> None:
        with file.open("rb") as stream:
            header = int.from_bytes(stream.read(8), "little")
            table = json.loads(stream.read(header))[_WORDS]
        start, shape = 8 + header + table["data_offsets"][0], tuple(table["shape"])
        # Native byte order, though the format is little-endian: OpenVINO runs on no big-endian processor.
        self._rows = np.memmap(file, _TYPES[table["dtype"]], mode="r", offset=start, shape=shape)

    @property
    def dim(self) -> int:
        """The length of a row."""
        return int(self._rows.shape[1])

    def lookup(self, texts: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
        """
        Piece ids -> rows (texts, longest, dim) float32, zero-padded, and mask (texts, longest) float32.
        """
        longest = max(map(len, texts))
        rows = np.zeros((len(texts), longest, self.dim), np.float32)
        mask = np.zeros((len(texts), longest), np.float32)
        for place, ids in enumerate(texts):
            rows[place, : len(ids)] = self._rows[np.asarray(ids)]
            mask[place, : len(ids)] = 1
        return rows, mask
