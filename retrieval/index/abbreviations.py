"""
The abbreviations that a generation's own passages define, in a file that people can read.

Apart from the vocabulary because it is a dictionary, not counts, and small enough to be held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from retrieval.errors import DamagedIndex
from retrieval.language.abbreviation import Abbreviation, mine

FILE = "abbreviations.json"


def write(folder: Path, texts: Iterable[str]) -> None:
    """Mines the texts of all passages into a generation's folder."""
    mined = [{"short": a.short, "long": list(a.longs), "lower": a.lower} for a in mine(texts)]
    (folder / FILE).write_text(json.dumps(mined, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder: Path) -> tuple[Abbreviation, ...]:
    """The mined abbreviations of a generation, or DamagedIndex."""
    try:
        mined = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(Abbreviation(a["short"], tuple(a["long"]), "corpus", a["lower"]) for a in mined)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{folder / FILE} cannot be read ({error}): run `trichdan index --rebuild`") from error
