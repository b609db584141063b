"""
The abbreviations that a generation's passages define, stored as readable JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.language.abbreviation import Abbreviation, defines, mine

FILE = "abbreviations.json"
ROWS = "definitions.npy"


def write(
    folder: Path, texts: Iterable[str], defining: Callable[[int, str], bool] = lambda _, text: defines(text)
) -> None:
    """
    Mine the texts of all passages, in row order, into a generation's folder.

    `defining` tells of a row and its text whether it defines abbreviations.
    """
    chosen = {row: text for row, text in enumerate(texts) if defining(row, text)}
    mined = mine(chosen.values())
    entries = [{"short": a.short, "long": list(a.longs), "lower": a.lower} for a in mined]
    (folder / FILE).write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")
    np.save(folder / ROWS, np.array(list(chosen), dtype=np.int64))


def defining_rows(folder: Path) -> NDArray[np.int64]:
    """
    The rows of the passages that define abbreviations, (n,) int64.

    The other passages need not be read.
    """
    try:
        rows: NDArray[np.int64] = np.load(folder / ROWS)
    except (OSError, ValueError) as error:
        raise DamagedIndex(f"{folder / ROWS} cannot be read ({error}): run `trichdan index --rebuild`") from error
    return rows


def read(folder: Path) -> tuple[Abbreviation, ...]:
    """The mined abbreviations of a generation, or DamagedIndex."""
    try:
        mined = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(Abbreviation(a["short"], tuple(a["long"]), "corpus", a["lower"]) for a in mined)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{folder / FILE} cannot be read ({error}): run `trichdan index --rebuild`") from error
