"""
Counts of accented syllables and pairs, of texts and of the shipped phrases.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold, nfc


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each spelling and each pair of neighbouring spellings occurs."""

    syllables: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Count the syllables of a text, and the pairs within each line."""
        for line in text.splitlines():
            spellings = [word.lower() for word in WORD.findall(line)]
            self.syllables.update(spellings)
            self.pairs.update(pairwise(spellings))

    def negative(self) -> Counts:
        """What takes these counts away where it is added."""
        syllables, pairs = Counter[str](), Counter[tuple[str, str]]()
        syllables.subtract(self.syllables)
        pairs.subtract(self.pairs)
        return Counts(syllables, pairs)

    @property
    def total(self) -> int:
        """How many syllables were counted."""
        return self.syllables.total()


@cache
def phrase_counts() -> Counts:
    """The counts of the phrases that ship with the program."""
    counts = Counts()
    counts.add(nfc((files("retrieval.language") / "data" / "phrases.txt").read_text(encoding="utf-8")))
    return counts


@cache
def phrase_syllables() -> dict[str, dict[str, int]]:
    """The phrases' spellings, by folded syllable."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for spelling, count in phrase_counts().syllables.items():
        found[_cached_fold(spelling)][spelling] = count
    return dict(found)


@cache
def phrase_pairs() -> dict[str, dict[tuple[str, str], int]]:
    """The phrases' pairs, by folded pair."""
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for (first, second), count in phrase_counts().pairs.items():
        found[fold_pair(first, second)][first, second] = count
    return dict(found)


def fold_pair(first: str, second: str) -> str:
    """The key of a pair."""
    return f"{_cached_fold(first)} {_cached_fold(second)}"


@lru_cache(1 << 16)
def _cached_fold(spelling: str) -> str:
    """
    Fold a spelling, with a cache.

    A corpus repeats few spellings often, and folding took a fifth of the counting time.
    """
    return fold(spelling)


def count_by_collection(texts: Iterable[tuple[str, str]]) -> dict[str, Counts]:
    """The counts of (collection, text) pairs, by collection."""
    (counts,) = count_in_parts(texts, most=sys.maxsize)
    return counts


def count_in_parts(texts: Iterable[tuple[str, str]], *, most: int) -> Iterator[dict[str, Counts]]:
    """
    Likewise, in parts whose sum they are.

    `most`: with how many different pairs a part ends.
    """
    counts: dict[str, Counts] = {}
    pairs = 0
    for collection, text in texts:
        own = counts.setdefault(collection, Counts())
        pairs -= len(own.pairs)
        own.add(text)
        pairs += len(own.pairs)
        if pairs >= most:
            yield counts
            counts, pairs = {}, 0
    yield counts


def syllable_rows(counts: Mapping[str, Counts]) -> Iterator[tuple[str, str, str, int]]:
    """Folded syllable, spelling, collection and count."""
    return ((_cached_fold(s), s, c, n) for c in counts for s, n in counts[c].syllables.items())


def pair_rows(counts: Mapping[str, Counts]) -> Iterator[tuple[str, str, str, str, int]]:
    """Folded pair, both spellings, collection and count."""
    return ((fold_pair(a, b), a, b, c, n) for c in counts for (a, b), n in counts[c].pairs.items())
