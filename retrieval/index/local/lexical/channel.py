"""
The lexical channel: BM25 over the analyzer's terms, through Tantivy.

Tantivy searches; given passages are scored from the forward index, to the same numbers. Two fields hold the same text,
exact and folded, so that diacritics count only where they were typed. Passages are rows of one generation.

Tantivy scores by the statistics of all passages. A channel that is restricted to collections scores by theirs, so that
nothing of the others can be read off the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

import numpy as np
import tantivy
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.local.lexical.collection_terms import (
    add_collection_fields,
    add_collection_terms,
    collection_counts,
    has_collection_terms,
)
from retrieval.index.local.lexical.forward_files import ForwardWriter, open_forward_index
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.scoring import bm25
from retrieval.index.scoring.field_query import FIELDS, Field, FieldQuery
from retrieval.index.scoring.forward_index import ForwardIndex
from retrieval.index.scoring.lexical_scores import LexicalScores, Scores, synonym_shares
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.index.scoring.passage_words import PassageWords
from retrieval.index.scoring.term_statistics import TermStatistics

FOLDER = "lexical"
_FOLDED = FIELDS.index("folded")
_FLOAT32 = 1e-5  # what Tantivy's scores, float32, differ at most from ours, relatively


class LexicalChannel:
    """
    BM25 scores (k1 1.2, b 0.75), higher is better.

    0 for a passage that shares no term.
    """

    def __init__(
        self, index: tantivy.Index, forward: ForwardIndex, *, statistics: TermStatistics, rows: RowFilter | None = None
    ) -> None:
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()
        self._forward = forward
        self._statistics = statistics
        self._rows = rows
        self._scorer = LexicalScores(forward, statistics)

    def restrict(self, rows: RowFilter, collections: frozenset[str]) -> LexicalChannel:
        """
        A view of these collections only, with the scores that their passages have alone.

        `rows`: their passages.
        """
        known = has_collection_terms(self._searcher)
        count = collection_counts(self._searcher, collections) if known else self._count_by_search(rows)
        statistics = self._statistics.of_some(count, self._forward.averages_of(rows.mask), rows.count)
        return LexicalChannel(self._index, self._forward, statistics=statistics, rows=rows)

    def _count_by_search(self, rows: RowFilter) -> Callable[[Field, str], int]:
        """
        What counts the rows with a term in an older index.

        A search takes a hundred times as long as a look-up.
        """

        def count(field: Field, term: str) -> int:
            query = tantivy.Query.term_query(self._schema, field, term, index_option="basic")
            return int(self._searcher.search(self._filtered(rows, query), limit=1, count=True).count or 0)  # type: ignore[attr-defined] # the stubs lack it

        return count

    def search(self, field: Field, query: FieldQuery, k: int) -> dict[int, float]:
        """The at most `k` best passage rows with a match."""
        if self._rows is None:
            return self._top(self._query(field, query), k)
        return self._search_rows(self._rows, field, query, k)

    def _search_rows(self, rows: RowFilter, field: Field, query: FieldQuery, k: int) -> dict[int, float]:
        """
        The best of the rows by their own statistics.

        Tantivy is given their idf as boosts; it still has all passages' mean length, by which its scores are at most
        `longer` times too low. It is asked for more until no passage beyond can be among the best.
        """
        wanted = self._filtered(rows, self._query(field, query))
        longer = max(1.0, self._averages(field) / float(self._forward.averages[FIELDS.index(field)]))
        limit = 2 * k
        while True:
            found = self._top(wanted, limit)
            scores = self._scores(field, query, sorted(found))
            best = dict(sorted(scores.items(), key=lambda place: (-place[1], place[0]))[:k])
            if len(found) < limit or min(best.values()) > longer * (1 + _FLOAT32) * min(found.values()):
                return best
            limit *= 4

    def _scores(self, field: Field, query: FieldQuery, rows: Sequence[int]) -> dict[int, float]:
        return dict(zip(rows, self._scorer.of(field, query, rows).tolist(), strict=True)) if rows else {}

    def score(self, queries: Mapping[Field, FieldQuery], rows: Sequence[int]) -> dict[int, Scores]:
        """Each row's scores in the order of FIELDS, 0 without a match."""
        return dict(zip(rows, self._scorer.of_fields(queries, rows), strict=True)) if rows else {}

    def _averages(self, field: Field) -> float:
        return float(self._statistics.averages[FIELDS.index(field)])

    def holds(self, field: Field, term: str) -> bool:
        """Whether any passage holds the term."""
        return self._statistics.frequency(field, term) > 0

    def knows(self, folded_term: str) -> bool:
        """Whether any passage holds the folded term."""
        return self.holds("folded", folded_term)

    def idf(self, field: Field, term: str) -> float:
        """The inverse document frequency of a term, as in Lucene and Tantivy."""
        return self._statistics.idf(field, term)

    @property
    def rarest_idf(self) -> float:
        """The idf of a term that one passage holds."""
        return bm25.idf(max(self._statistics.passages, 1), 1)

    def _filtered(self, rows: RowFilter, query: tantivy.Query) -> tantivy.Query:
        """The same query with the same scores, over these rows only."""
        kind, should = tantivy.FieldType.Unsigned, tantivy.Occur.Should
        runs = [tantivy.Query.range_query(self._schema, "row", kind, first, last) for first, last in rows.runs]
        return _filter(tantivy.Query.boolean_query([(should, run) for run in runs]), query)

    def _query(self, field: Field, query: FieldQuery) -> tantivy.Query:
        """The sum of the terms, and of the best wording of each concept and synonym."""
        parts = [self._bag(field, query.terms)]
        for concept in query.concepts:
            bags = [self._bag(field, wording) for wording in concept if wording]
            if bags:
                parts.append(tantivy.Query.disjunction_max_query(bags))
        for synonym in query.synonyms:
            shares = synonym_shares(self._statistics, field, synonym)
            bags = [tantivy.Query.boost_query(self._bag(field, wording), share) for share, wording in shares]
            parts.append(tantivy.Query.disjunction_max_query(bags))
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])

    def _bag(self, field: Field, terms: Sequence[str]) -> tantivy.Query:
        weighted = []
        for term, count in Counter(terms).items():
            query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
            weight = count * self._statistics.share_of_idf(field, term)
            weighted.append((tantivy.Occur.Should, query if weight == 1 else tantivy.Query.boost_query(query, weight)))
        return tantivy.Query.boolean_query(weighted)

    def _top(self, query: tantivy.Query, k: int) -> dict[int, float]:
        hits = self._searcher.search(query, limit=max(k, 1), count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return {cast(int, row): float(score) for (score, _), row in zip(hits, rows, strict=True)}

    def words(self, row: int, ends: NDArray[np.uint32]) -> PassageWords:
        """The words of a passage, whose sentences end there."""
        numbers = self._forward.numbers_of(_FOLDED, row)
        return PassageWords(numbers[: ends[-1]] if len(ends) else numbers[:0], ends)  # numbers and dates follow

    def stored_terms(self, rows: Sequence[int]) -> dict[int, PassageTerms]:
        """The stored terms of these passages, by row."""
        query = tantivy.Query.term_set_query(self._schema, "row", list(rows))
        addresses = [address for _, address in self._searcher.search(query, limit=len(rows), count=False).hits]
        found = zip(self._searcher.fast_field_values("row", addresses), addresses, strict=True)
        return {cast(int, row): _terms_of(self._searcher.doc(address)) for row, address in sorted(found)}

    @staticmethod
    def write(folder: Path, passages: Iterable[PassageTerms], collections: Sequence[str] = ()) -> None:
        """
        Write the terms of all passages, in row order, into a generation's folder.

        `collections`: of each passage; none where all are in one, which no reader may see in part.
        """
        path = folder / FOLDER
        path.mkdir()
        try:
            _write(folder, passages, collections)
        except ValueError as error:  # Tantivy raises it for every system error
            raise OSError(f"{path}: {error}") from error

    @classmethod
    def open(cls, folder: Path) -> LexicalChannel:
        """Open a generation's channel, or raise DamagedIndex."""
        try:
            index, forward = tantivy.Index.open(str(folder / FOLDER)), open_forward_index(folder)
            return cls(index, forward, statistics=_statistics_of_all(index.searcher(), forward))
        except (OSError, ValueError) as error:
            raise DamagedIndex(
                f"the words in {folder} cannot be read ({error}): run `trichdan index --rebuild`"
            ) from error


def _statistics_of_all(searcher: tantivy.Searcher, forward: ForwardIndex) -> TermStatistics:
    return TermStatistics(searcher.num_docs, forward.averages, lambda field, term: int(searcher.doc_freq(field, term)))


def _filter(silent: tantivy.Query, query: tantivy.Query) -> tantivy.Query:
    """Match both queries, scored by the second only."""
    quiet = tantivy.Query.const_score_query(silent, 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, quiet), (tantivy.Occur.Must, query)])


def _terms_of(document: tantivy.Document) -> PassageTerms:
    return PassageTerms(*(str(document.get_first(field) or "") for field in FIELDS))


def _write(folder: Path, passages: Iterable[PassageTerms], collections: Sequence[str]) -> None:
    index = tantivy.Index(_schema(), path=str(folder / FOLDER))
    # One thread gives one segment order, so that equal inputs rank equally, ties included.
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    with closing(ForwardWriter(folder, len(FIELDS))) as forward:
        for row, passage in enumerate(passages):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            fields = [getattr(passage, field) for field in FIELDS]
            for field, terms in zip(FIELDS, fields, strict=True):
                document.add_text(field, terms)
                if collections:
                    add_collection_terms(document, field, collections[row], terms)
            writer.add_document(document)
            forward.add(*(terms.split(" ") if terms else () for terms in fields))
    writer.commit()
    writer.wait_merging_threads()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    for field in FIELDS:
        # Stored for the next build: reading them takes a fiftieth of the time of analyzing the text again.
        builder.add_text_field(field, stored=True, tokenizer_name="whitespace", index_option="freq")
    add_collection_fields(builder)
    return builder.build()
