"""
The WordTable: the rows of the word embeddings, read from the model's file where a text's words are.

Apart from the compiled graph because it is four fifths of the model and needs no computing: it stays mapped, in
float16, and a question touches some twenty rows of it.
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
    `file` is in the safetensors format: the length of a header (u64, little-endian), the header (JSON: each tensor's
    type, shape and place), then the tensors. Read here without its library, which would copy the whole table.
    """

    def __init__(self, file: Path) -> None:
        with file.open("rb") as stream:
            header = int.from_bytes(stream.read(8), "little")
            table = json.loads(stream.read(header))[_WORDS]
        start, shape = 8 + header + table["data_offsets"][0], tuple(table["shape"])
        # Not the type that the format names, little-endian: OpenVINO runs on no processor of the other kind.
        self._rows = np.memmap(file, _TYPES[table["dtype"]], mode="r", offset=start, shape=shape)

    @property
    def dim(self) -> int:
        """The length of a row."""
        return int(self._rows.shape[1])

    def of(self, texts: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
        """
        Texts as piece ids -> (texts, longest, dim) float32, zeros where a text has ended; and the mask (texts, longest)
        float32, 1 for a token.
        """
        longest = max(map(len, texts))
        rows = np.zeros((len(texts), longest, self.dim), np.float32)
        mask = np.zeros((len(texts), longest), np.float32)
        for place, ids in enumerate(texts):
            rows[place, : len(ids)] = self._rows[np.asarray(ids)]
            mask[place, : len(ids)] = 1
        return rows, mask
