"""
The vocabulary: which accented syllables and pairs the corpus holds, under their bare spellings.

It is what diacritics are restored from, so a question can only be understood as something the documents say,
or as one of the phrases that questions are made of everywhere (`language/data/phrases.txt`).
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from retrieval.index.sqlite import ReadOnlyDatabase
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold, nfc

FILE = "vocabulary.sqlite"
_SCHEMA = """
CREATE TABLE syllables (
    folded TEXT, spelling TEXT, collection TEXT, count INTEGER, PRIMARY KEY (folded, spelling, collection)
) WITHOUT ROWID;
CREATE TABLE pairs (
    folded TEXT, first TEXT, second TEXT, collection TEXT, count INTEGER,
    PRIMARY KEY (folded, first, second, collection)
) WITHOUT ROWID;
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
            folded = [_folded(spelling) for spelling in spellings]
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
        self._all = self._db.rows("SELECT collection, sum(count) FROM syllables GROUP BY collection")
        self._chosen: frozenset[str] | None = None
        self.total: int = sum(count for _, count in self._all) + phrase_counts().total

    def only(self, collections: frozenset[str]) -> Vocabulary:
        """What the documents of these collections say: the words of the others are not to be learned by asking."""
        chosen = copy(self)
        chosen._chosen = collections  # noqa: SLF001 - a copy of this very object
        chosen.total = sum(count for name, count in self._all if name in collections) + phrase_counts().total
        return chosen

    def of(self, folded: str) -> Mapping[str, int]:
        """Each spelling of a bare syllable -> how often it occurs."""
        found = Counter(phrase_counts().syllables.get(folded, {}))
        rows = self._db.rows("SELECT spelling, collection, count FROM syllables WHERE folded = ?", folded)
        for spelling, collection, count in rows:
            found[spelling] += count if self._counts(collection) else 0
        return +found

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """Each spelling of two neighbouring bare syllables -> how often it occurs."""
        found = Counter(phrase_counts().pairs.get(f"{first} {second}", {}))
        rows = self._db.rows("SELECT first, second, collection, count FROM pairs WHERE folded = ?", f"{first} {second}")
        for one, other, collection, count in rows:
            found[one, other] += count if self._counts(collection) else 0
        return +found

    def _counts(self, collection: str) -> bool:
        return self._chosen is None or collection in self._chosen

    @staticmethod
    def write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
        """Counts the texts of all passages and titles, each given with its collection, into a generation's folder."""
        counts: dict[str, Counts] = {}
        for collection, text in texts:
            counts.setdefault(collection, Counts()).add(text)
        db = sqlite3.connect(folder / FILE)
        with db:
            db.executescript(_SCHEMA)
            db.executemany(
                "INSERT INTO syllables VALUES (?, ?, ?, ?)",
                (
                    (key, s, c, n)
                    for c in counts
                    for key, found in counts[c].syllables.items()
                    for s, n in found.items()
                ),
            )
            db.executemany(
                "INSERT INTO pairs VALUES (?, ?, ?, ?, ?)",
                (
                    (key, a, b, c, n)
                    for c in counts
                    for key, found in counts[c].pairs.items()
                    for (a, b), n in found.items()
                ),
            )
        db.close()


@cache
def phrase_counts() -> Counts:
    """The counts of the phrases that ship with the program."""
    counts = Counts()
    counts.add(nfc((files("retrieval.language") / "data" / "phrases.txt").read_text(encoding="utf-8")))
    return counts


@lru_cache(1 << 16)
def _folded(spelling: str) -> str:
    """A corpus repeats few spellings often: to fold each anew takes a fifth of the time of counting."""
    return fold(spelling)
