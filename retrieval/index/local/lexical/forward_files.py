"""
The files of a generation's forward index.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.errors import DamagedIndex
from retrieval.index.scoring.forward_index import ForwardIndex, field_numbers

FILE = "forward.bin"
ENDS = "forward-ends.npy"
LENGTHS = "forward-lengths.npy"


def open_forward_index(folder: Path) -> ForwardIndex:
    """Open a generation's forward index, or raise DamagedIndex."""
    try:
        numbers = np.memmap(folder / FILE, "<u4", mode="r")
        # Plain arrays over the same memory: slicing a memmap takes ten times as long.
        return ForwardIndex(np.asarray(numbers), np.load(folder / ENDS), np.load(folder / LENGTHS))
    except (OSError, ValueError) as error:
        raise DamagedIndex(
            f"the syllables in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
        ) from error


class ForwardWriter:
    """Streams the fields of passages into a generation's folder."""

    def __init__(self, folder: Path, fields: int) -> None:
        self._folder = folder
        self._fields = fields
        self._sizes = array("q")
        self._lengths = array("i")
        self._file = (folder / FILE).open("wb")

    def add(self, *fields: Sequence[str]) -> None:
        """Append a passage: the terms of each field, in order."""
        for terms in fields:
            numbers = field_numbers(terms)
            self._file.write(numbers.tobytes())
            self._sizes.append(len(numbers))
            self._lengths.append(len(terms))

    def close(self) -> None:
        """Write the ends and lengths."""
        self._file.close()
        np.save(self._folder / ENDS, np.cumsum(self._sizes, dtype=np.int64))
        np.save(self._folder / LENGTHS, np.array(self._lengths, np.int32).reshape(-1, self._fields))
