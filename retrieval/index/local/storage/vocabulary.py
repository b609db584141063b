"""
The vocabulary: counts of the corpus's accented syllables and pairs, by bare spelling.

Diacritics are restored from it, so that a question is only ever read as something that the documents say, or as one
of the phrases common to all questions (`language/data/phrases.txt`).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from copy import copy
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from retrieval.index.local.storage.read_only_database import ReadOnlyDatabase
from retrieval.index.records.spelling_counts import (
    Counts,
    count_in_parts,
    pair_rows,
    phrase_counts,
    phrase_pairs,
    phrase_syllables,
    syllable_rows,
)

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

_ADD_SYLLABLE = "INSERT INTO syllables VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
_ADD_PAIR = "INSERT INTO pairs VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"

_ROWS_SORTED_AT_ONCE = 100_000
_PAIRS_AT_ONCE = 1_000_000  # different pairs in memory, some 250 MB; a corpus has ever more of them
_Row = TypeVar("_Row", tuple[str, str, str, int], tuple[str, str, str, str, int])


class Vocabulary:
    """Satisfies `retrieval.language.diacritic_restoration.Spellings`; read-only, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = ReadOnlyDatabase(path)
        self._all = self._db.rows("SELECT collection, sum(count) FROM syllables GROUP BY collection")
        self.total: int = sum(count for _, count in self._all) + phrase_counts().total
        self._restrict(None)

    def _restrict(self, chosen: frozenset[str] | None) -> None:
        """Count only these collections, None for all. Cached, since questions share most of their syllables."""
        self._of = lru_cache(maxsize=1 << 14)(partial(_spellings, self._db, chosen))
        self._of_pair = lru_cache(maxsize=1 << 14)(partial(_pair_spellings, self._db, chosen))

    def restrict(self, collections: frozenset[str]) -> Vocabulary:
        """
        A view of these collections only.

        Without the others, questions cannot reveal their vocabulary.
        """
        chosen = copy(self)
        chosen._restrict(collections)  # noqa: SLF001 - a copy of this very object
        chosen.total = sum(count for name, count in self._all if name in collections) + phrase_counts().total
        return chosen

    def prefetch(self, texts: Iterable[str]) -> None:
        """Nothing is fetched beforehand: the database is a file of this machine."""

    def of(self, folded: str) -> Mapping[str, int]:
        """Each spelling of a bare syllable -> how often it occurs."""
        return self._of(folded)

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """Each spelling of two neighbouring bare syllables -> how often it occurs."""
        return self._of_pair(f"{first} {second}")

    @staticmethod
    def write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
        """Count all passages and titles, given as (collection, text), into a generation's folder."""
        with closing(sqlite3.connect(folder / FILE)) as db, db:
            db.executescript(_SCHEMA)
            for counts in count_in_parts(texts, most=_PAIRS_AT_ONCE):
                _add(db, counts)

    @staticmethod
    def write_changed(
        folder: Path, previous: Path, removed: Iterable[tuple[str, str]], added: Iterable[tuple[str, str]]
    ) -> None:
        """
        Write what `write` would, by updating the previous generation's counts.

        `removed` and `added`: the (collection, text) pairs that differ from it.
        """
        shutil.copyfile(previous / FILE, folder / FILE)
        with closing(sqlite3.connect(folder / FILE)) as db, db:
            db.execute("PRAGMA secure_delete=ON")  # removed documents must leave no words in the file
            for counts in count_in_parts(added, most=_PAIRS_AT_ONCE):
                _add(db, counts)
            for counts in count_in_parts(removed, most=_PAIRS_AT_ONCE):
                _add(db, {collection: less.negative() for collection, less in counts.items()})
            db.execute("DELETE FROM syllables WHERE count = 0")
            db.execute("DELETE FROM pairs WHERE count = 0")


def _spellings(db: ReadOnlyDatabase, chosen: frozenset[str] | None, folded: str) -> Mapping[str, int]:
    found = Counter(phrase_syllables().get(folded, {}))
    for spelling, collection, count in db.rows(
        "SELECT spelling, collection, count FROM syllables WHERE folded = ?", folded
    ):
        found[spelling] += count if chosen is None or collection in chosen else 0
    return +found


def _pair_spellings(db: ReadOnlyDatabase, chosen: frozenset[str] | None, folded: str) -> Mapping[tuple[str, str], int]:
    found = Counter(phrase_pairs().get(folded, {}))
    for one, other, collection, count in db.rows(
        "SELECT first, second, collection, count FROM pairs WHERE folded = ?", folded
    ):
        found[one, other] += count if chosen is None or collection in chosen else 0
    return +found


def _add(db: sqlite3.Connection, counts: Mapping[str, Counts]) -> None:
    """Add counts, by collection, to those that are there."""
    db.executemany(_ADD_SYLLABLE, _in_key_order(syllable_rows(counts)))
    db.executemany(_ADD_PAIR, _in_key_order(pair_rows(counts)))


def _in_key_order(rows: Iterable[_Row]) -> Iterator[_Row]:
    """
    Rows sorted by key in large batches.

    Inserting in key order lets SQLite fill page after page; in order of occurrence it took a third of the time of
    indexing again. Sorting all at once would hold all rows twice.
    """
    waiting = iter(rows)
    while stretch := sorted(islice(waiting, _ROWS_SORTED_AT_ONCE)):
        yield from stretch
