"""
How many passages of a view hold a term, fetched for whole questions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from retrieval.index.postgres.database import Row, Statement
from retrieval.index.postgres.term_words import term_word
from retrieval.index.postgres.view import View
from retrieval.index.scoring import bm25
from retrieval.index.scoring.field_query import FIELDS, Field
from retrieval.index.scoring.term_statistics import TermStatistics

_MOST: Final = 1 << 15  # words in memory
_COUNTS: Final[LiteralString] = """
SELECT term, field, sum(delta)::bigint FROM {space}.terms
WHERE term = ANY(%(terms)s) AND number <= %(number)s AND collection = ANY(%(within)s) GROUP BY term, field
"""
_NOWHERE: Final = (0,) * len(FIELDS)


class TermCounts:
    """
    The counts of terms that were asked for; others take a trip each.

    Satisfies `retrieval.index.contract.Rarity`; safe for several threads.
    """

    def __init__(self, view: View) -> None:
        self._memory = _Memory(view)
        totals = view.totals
        self.statistics = TermStatistics(totals.passages, totals.averages(), self._memory.count)
        self.rarest_idf = bm25.idf(max(totals.passages, 1), 1)

    def idf(self, field: Field, term: str) -> float:
        """The idf of a term among the passages that may be seen."""
        return self.statistics.idf(field, term)

    def knows(self, folded_term: str) -> bool:
        """Whether any passage that may be seen holds the folded term."""
        return self.statistics.frequency("folded", folded_term) > 0

    def missing(self, terms: Iterable[str]) -> Statement | None:
        """What fetches the counts that are not in memory, for `keep`; None when all are."""
        return self._memory.missing(terms)

    def keep(self, statement: Statement, rows: Iterable[Row]) -> None:
        """Keep what a statement of `missing` brought."""
        self._memory.keep(statement, rows)

    def fetch(self, terms: Iterable[str]) -> None:
        """Fetch the counts that are not in memory."""
        self._memory.fetch(terms)


class _Memory:
    """
    Counts that were fetched.

    Held by the statistics of `TermCounts`, too: a cycle would keep the connections of a replaced generation.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._counts: dict[str, tuple[int, ...]] = {}  # in the order of FIELDS, by word

    def missing(self, terms: Iterable[str]) -> Statement | None:
        words = dict.fromkeys(map(term_word, terms))
        new = [word for word in words if word not in self._counts]
        return self._view.statement(_COUNTS, terms=new, within=sorted(self._view.collections)) if new else None

    def keep(self, statement: Statement, rows: Iterable[Row]) -> None:
        fresh: dict[str, tuple[int, ...]] = dict.fromkeys(statement.values["terms"], _NOWHERE)
        for word, field, count in rows:
            fresh[word] = tuple(int(count) if place == field else known for place, known in enumerate(fresh[word]))
        # Replaced, not changed, since other threads may be reading it. Of two concurrent updates one is lost.
        self._counts = {**(self._counts if len(self._counts) < _MOST else {}), **fresh}

    def fetch(self, terms: Iterable[str]) -> None:
        if statement := self.missing(terms):
            self.keep(statement, self._view.read(statement)[0])

    def count(self, field: Field, term: str) -> int:
        word = term_word(term)
        while (found := self._counts.get(word)) is None:  # another thread may have replaced what this one brought
            self.fetch([term])
        return found[FIELDS.index(field)]
