"""
The vocabulary: which accented syllables and pairs the corpus holds, under their bare spellings.

It is what diacritics are restored from, so a question can only be understood as something the documents say,
or as one of the phrases that questions are made of everywhere (`language/data/phrases.txt`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from retrieval.index.sqlite import ReadOnlyDatabase
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold, nfc

FILE = "vocabulary.sqlite"
_SCHEMA = """
CREATE TABLE syllables (folded TEXT, spelling TEXT, count INTEGER, PRIMARY KEY (folded, spelling)) WITHOUT ROWID;
CREATE TABLE pairs (folded TEXT, first TEXT, second TEXT, count INTEGER, PRIMARY KEY (folded, first, second))
    WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Spellings and pairs of spellings under their folded forms, counted."""

    syllables: dict[str, Counter[str]] = field(default_factory=dict)
    pairs: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Counts the syllables of a text, and its pairs within a line."""
        for line in text.splitlines():
            spellings = [word.lower() for word in WORD.findall(line)]
            folded = [fold(spelling) for spelling in spellings]
            for key, spelling in zip(folded, spellings, strict=True):
                self.syllables.setdefault(key, Counter())[spelling] += 1
            for i in range(len(spellings) - 1):
                pair = (spellings[i], spellings[i + 1])
                self.pairs.setdefault(f"{folded[i]} {folded[i + 1]}", Counter())[pair] += 1

    @property
    def total(self) -> int:
        """How many syllables were counted."""
        return sum(counter.total() for counter in self.syllables.values())


class Vocabulary:
    """Satisfies `retrieval.language.restore.Spellings`; read-only, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = ReadOnlyDatabase(path)
        (counted,) = self._db.rows("SELECT coalesce(sum(count), 0) FROM syllables")[0]
        self.total: int = counted + phrase_counts().total

    def of(self, folded: str) -> Mapping[str, int]:
        """Each spelling of a bare syllable -> how often it occurs."""
        found = Counter(phrase_counts().syllables.get(folded, {}))
        found.update(dict(self._db.rows("SELECT spelling, count FROM syllables WHERE folded = ?", folded)))
        return found

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """Each spelling of two neighbouring bare syllables -> how often it occurs."""
        found = Counter(phrase_counts().pairs.get(f"{first} {second}", {}))
        rows = self._db.rows("SELECT first, second, count FROM pairs WHERE folded = ?", f"{first} {second}")
        found.update({(a, b): count for a, b, count in rows})
        return found

    @staticmethod
    def write(folder: Path, texts: Iterable[str]) -> None:
        """Counts the texts of all passages and titles into a generation's folder."""
        counts = Counts()
        for text in texts:
            counts.add(text)
        db = sqlite3.connect(folder / FILE)
        with db:
            db.executescript(_SCHEMA)
            db.executemany(
                "INSERT INTO syllables VALUES (?, ?, ?)",
                ((key, s, n) for key, found in counts.syllables.items() for s, n in found.items()),
            )
            db.executemany(
                "INSERT INTO pairs VALUES (?, ?, ?, ?)",
                ((key, a, b, n) for key, found in counts.pairs.items() for (a, b), n in found.items()),
            )
        db.close()


@cache
def phrase_counts() -> Counts:
    """The counts of the phrases that ship with the program."""
    counts = Counts()
    counts.add(nfc((files("retrieval.language") / "data" / "phrases.txt").read_text(encoding="utf-8")))
    return counts
