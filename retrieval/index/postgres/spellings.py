"""
The counts of accented syllables and pairs, fetched for whole questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final, LiteralString

from retrieval.index.postgres.database import Row
from retrieval.index.postgres.view import View
from retrieval.index.records.spelling_counts import phrase_counts, phrase_pairs, phrase_syllables
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold

_MOST: Final = 1 << 15  # keys in memory: questions share most of their syllables
_SYLLABLES: Final[LiteralString] = """
SELECT folded, spelling, sum(delta)::bigint FROM {space}.syllables
WHERE folded = ANY(%(keys)s) AND number <= %(number)s AND collection = ANY(%(within)s) GROUP BY folded, spelling
"""
_PAIRS: Final[LiteralString] = """
SELECT folded, first, second, sum(delta)::bigint FROM {space}.pairs
WHERE folded = ANY(%(keys)s) AND number <= %(number)s AND collection = ANY(%(within)s) GROUP BY folded, first, second
"""


class PostgresSpellings:
    """Satisfies `retrieval.language.diacritic_restoration.Spellings`; safe for several threads."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._syllables: dict[str, Mapping[str, int]] = {}
        self._pairs: dict[str, Mapping[tuple[str, str], int]] = {}
        self.total = view.totals.syllables + phrase_counts().total

    def prefetch(self, texts: Iterable[str]) -> None:
        """Fetch the counts of all syllables and pairs of these texts at once."""
        syllables: dict[str, None] = {}
        pairs: dict[str, None] = {}
        for text in texts:
            words = [fold(word) for word in WORD.findall(text)]
            syllables |= dict.fromkeys(words)
            pairs |= dict.fromkeys(f"{one} {other}" for one, other in pairwise(words))
        self._fetch(syllables, pairs)

    def of(self, folded: str) -> Mapping[str, int]:
        """Each spelling of a bare syllable -> how often it occurs."""
        found = self._syllables.get(folded)
        return self._fetch([folded], [])[0][folded] if found is None else found

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """Each spelling of two neighbouring bare syllables -> how often it occurs."""
        key = f"{first} {second}"
        found = self._pairs.get(key)
        return self._fetch([], [key])[1][key] if found is None else found

    def _fetch(
        self, syllables: Iterable[str], pairs: Iterable[str]
    ) -> tuple[dict[str, Mapping[str, int]], dict[str, Mapping[tuple[str, str], int]]]:
        """The counts of those that are not in memory, which are kept there."""
        new = [key for key in syllables if key not in self._syllables]
        new_pairs = [key for key in pairs if key not in self._pairs]
        if not new and not new_pairs:
            return {}, {}
        within, view = sorted(self._view.collections), self._view
        rows, pair_rows = view.read(
            view.statement(_SYLLABLES, keys=new, within=within), view.statement(_PAIRS, keys=new_pairs, within=within)
        )
        fresh = _with_phrases(new, rows)
        fresh_pairs = _pairs_with_phrases(new_pairs, pair_rows)
        # Replaced, not changed, since other threads may be reading it. Of two concurrent updates one is lost.
        self._syllables = {**(self._syllables if len(self._syllables) < _MOST else {}), **fresh}
        self._pairs = {**(self._pairs if len(self._pairs) < _MOST else {}), **fresh_pairs}
        return fresh, fresh_pairs


def _with_phrases(keys: Iterable[str], rows: Iterable[Row]) -> dict[str, Mapping[str, int]]:
    counts = {key: Counter(phrase_syllables().get(key, {})) for key in keys}
    for folded, spelling, count in rows:
        counts[folded][spelling] += count
    return {key: +found for key, found in counts.items()}


def _pairs_with_phrases(keys: Iterable[str], rows: Iterable[Row]) -> dict[str, Mapping[tuple[str, str], int]]:
    counts = {key: Counter(phrase_pairs().get(key, {})) for key in keys}
    for folded, first, second, count in rows:
        counts[folded][first, second] += count
    return {key: +found for key, found in counts.items()}
