"""
The files that say where the sentences of a generation's passages end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex

FILE = "sentences.npy"
ENDS = "sentences-ends.npy"


class SentenceFiles:
    """
    Behind which word each sentence of a passage ends; see `PassageWords`.

    `sentences` is (sentences,) uint32, the passages concatenated; `ends` (passages,) int64 is where each one ends.
    """

    def __init__(self, sentences: NDArray[np.uint32], ends: NDArray[np.int64]) -> None:
        if len(sentences) != (ends[-1] if len(ends) else 0):
            raise DamagedIndex(
                f"each sentence belongs to a passage, found {len(sentences)} sentences where the last passage ends at "
                f"{ends[-1] if len(ends) else 0}: run `trichdan index --rebuild`"
            )
        self._sentences = sentences
        self._ends = ends

    def ends_of(self, row: int) -> NDArray[np.uint32]:
        """The ends of a passage's sentences, (sentences,) uint32."""
        return self._sentences[self._ends[row - 1] if row else 0 : self._ends[row]]

    @staticmethod
    def write(folder: Path, passages: Iterable[NDArray[np.uint32]]) -> None:
        """Write the ends of all passages' sentences, in row order, into a generation's folder."""
        sentences, ends = array("I"), array("q")
        for own in passages:
            sentences.extend(own.tolist())
            ends.append(len(sentences))
        np.save(folder / FILE, np.array(sentences, "<u4"))
        np.save(folder / ENDS, np.array(ends, "<i8"))

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """Open a generation's files, or raise DamagedIndex; None in one from before there were any."""
        if not (folder / FILE).exists():
            return None
        try:
            # A plain array over the mapped memory: slicing a memmap takes ten times as long.
            return cls(np.asarray(np.load(folder / FILE, mmap_mode="r")), np.load(folder / ENDS))
        except (OSError, ValueError) as error:
            raise DamagedIndex(
                f"the sentences in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
            ) from error
