"""
One generation in PostgreSQL, opened for reading.

The engine proposes passages, and what they are scored by comes along; their scores are computed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final, LiteralString, cast

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.contract import LexicalMatches, LexicalSearch, SectionedPassage, Shortlist
from retrieval.index.manifest import Manifest
from retrieval.index.postgres.catalogue_source import PostgresCatalogue
from retrieval.index.postgres.database import Row
from retrieval.index.postgres.matches import PostgresMatches, RowKey, best_scores, terms_of
from retrieval.index.postgres.postgres_documents import RECORD, PostgresDocuments
from retrieval.index.postgres.proposals import by_id, by_vectors, by_words, exploring
from retrieval.index.postgres.spellings import PostgresSpellings
from retrieval.index.postgres.term_counts import TermCounts
from retrieval.index.postgres.view import View
from retrieval.index.records.catalogue import Catalogue
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.records.stored_rows import PASSAGE_COLUMNS, passage_from, record_from
from retrieval.index.scoring.field_query import FIELDS, Field, FieldQuery, field_queries
from retrieval.index.scoring.forward_index import ForwardIndex, field_ends
from retrieval.index.scoring.lexical_scores import LexicalScores, Scores
from retrieval.index.scoring.model_scale import ModelScale, model_scale
from retrieval.index.scoring.token_codes import Codes, block_similarities
from retrieval.language.abbreviation import AbbreviationList, load_curated, mine
from retrieval.language.analyzer import analyze
from retrieval.passage import Passage

_PASSAGE_WIDTH: Final = PASSAGE_COLUMNS.count(",") + 1
# More than `k` are proposed: the engine adds up what the client takes the best of (concepts, synonyms), counts rows of
# other generations and of collections that may not be seen, and knows float32 only.
_MORE: Final = 2
_MORE_WITH_WORDINGS: Final = 4
_WINDOWS_PER_PASSAGE: Final = 4  # several of the best windows may be of one passage
_SECTIONS: Final[LiteralString] = (
    "SELECT id, document, ordinal, doc_id, section, text FROM {space}.passages WHERE doc_id = ANY(%(ids)s) AND {seen} "
    "ORDER BY ordinal"
)
_SHORTLIST: Final[LiteralString] = (
    f"SELECT p.id, p.token_count, p.tokens, {', '.join(f'p.{name}' for name in PASSAGE_COLUMNS.split(', '))}, "
    f"{', '.join(f'd.{name}' for name in RECORD.split(', '))} "
    "FROM {space}.passages p JOIN {space}.documents d ON d.id = p.document WHERE p.id = ANY(%(ids)s)"
)
_FOOTNOTES: Final[LiteralString] = (
    f"SELECT {PASSAGE_COLUMNS} FROM {{space}}.passages WHERE passage_id IN "
    "(SELECT json_array_elements_text(notes::json) FROM {space}.passages WHERE id = ANY(%(ids)s)) AND {seen}"
)


class _Footnotes(dict[str, Passage]):
    """The footnotes of a shortlist; one that was not brought along is read by itself."""

    def __init__(self, documents: PostgresDocuments, known: Iterable[Passage]) -> None:
        super().__init__({passage.passage_id: passage for passage in known})
        self._documents = documents

    def __missing__(self, passage_id: str) -> Passage:
        self[passage_id] = self._documents.passage(passage_id)
        return self[passage_id]


class PostgresIndex(PostgresDocuments):
    """
    pgvector and pg_textsearch over the rows of one generation; satisfies `retrieval.index.contract.Index`.

    Args:
        source: what is known of all documents, where the view is of some collections.
    """

    def __init__(self, view: View, source: PostgresCatalogue | None = None) -> None:
        super().__init__(view)
        self._restricted: dict[frozenset[str], PostgresIndex] = {}
        self.name = view.stored.name
        self.manifest: Manifest = view.stored.manifest
        self._source = source or PostgresCatalogue(view)
        self.catalogue = Catalogue(self._source, view.within)

    @property
    def collections(self) -> frozenset[str]:
        """The collections that have documents and may be seen."""
        return self._view.collections

    @cached_property
    def scale(self) -> ModelScale:
        """The scale of the model over the documents."""
        return model_scale(self.manifest.background, self.collections)

    @cached_property
    def vocabulary(self) -> PostgresSpellings:
        """The counts of accented syllables and pairs."""
        return PostgresSpellings(self._view)

    @cached_property
    def abbreviations(self) -> AbbreviationList:
        """The documents' own abbreviations, then the curated ones; mined on first use."""
        texts = (text for collection, text in self._source.definitions if collection in self.collections)
        return AbbreviationList(load_curated(), mine(texts))

    @cached_property
    def _counts(self) -> TermCounts:
        return TermCounts(self._view)

    def documents(self) -> list[DocumentRecord]:
        """The records of all documents that may be seen, ordered by id; read once."""
        return [record for record in self._source.records if self._view.may_see(record.doc_id)]

    def restrict(self, within: frozenset[str] | None) -> PostgresIndex:
        """
        A view of these collections only, None for all.

        The same view for the same collections.
        """
        if within is None:
            return self
        chosen = self.collections & within
        if chosen == self.collections:
            return self
        if chosen not in self._restricted:
            view = self._view
            restricted = View(view.database, view.stored, view.reader, chosen)
            self._restricted[chosen] = PostgresIndex(restricted, self._source)
        return self._restricted[chosen]

    def rarity(self, texts: Iterable[str]) -> TermCounts:
        """How rare the terms of these texts are; see `Index.rarity`."""
        self._counts.fetch(terms_of(texts))
        return self._counts

    def lexical_matches(self, search: LexicalSearch, k: int) -> PostgresMatches:
        """At least the `k` best passages of the lexical channel; see `Index.lexical_matches`."""
        queries, counts, view = field_queries(search.terms, search.concepts, search.synonyms), self._counts, self._view
        more = _MORE_WITH_WORDINGS if search.concepts or search.synonyms else _MORE
        named = [doc_id for doc_id in search.documents if view.may_see(doc_id)]
        proposing = by_words(view, queries, more * k)
        counting = counts.missing([*queries["exact"], *queries["folded"], *terms_of(search.texts)])
        reading = view.statement(_SECTIONS, ids=named) if named else None
        statements = [*proposing, *(each for each in (counting, reading) if each)]
        rows = view.read(*statements) if statements else []
        sections = rows.pop() if reading else []
        if counting:
            counts.keep(counting, rows.pop())
        proposals = {row[0]: row for own in rows for row in own}
        scores = self._scores(queries, list(proposals.values()))
        return PostgresMatches(queries, best_scores(scores, k), counts, self._sections(named, sections))

    def candidates(
        self, vectors: NDArray[np.float32], found: LexicalMatches, k: int, also: AbstractSet[RowKey] = frozenset()
    ) -> list[Candidate]:
        """At least each channel's `k` best passages, scored by all channels; see `Index.candidates`."""
        matches = cast(PostgresMatches, found)
        named = matches.scores.keys() | also
        if not len(vectors):
            return [self._candidate(key, (), score) for key, score in self._scores_of(matches, named).items()]
        rows = self._nearest(vectors, k, [key.row for key in named])
        scores = self._scores(matches.queries, rows)
        windows = {key: tuple(row[-1]) for key, row in zip(scores, rows, strict=True)}
        nearest = sorted(windows, key=lambda key: (-max(windows[key], default=-1.0), key))[:k]
        return [self._candidate(key, windows[key], scores[key]) for key in sorted({*nearest, *named})]

    def read_shortlist(self, vectors: NDArray[np.float32], candidates: Sequence[Candidate]) -> Shortlist:
        """Compare the readings' tokens with each candidate; see `Index.read_shortlist`."""
        ids, view = [candidate.key.row for candidate in candidates], self._view
        rows, notes = view.read(view.statement(_SHORTLIST, ids=ids), view.statement(_FOOTNOTES, ids=ids))
        by_row = {row[0]: row for row in rows}
        records: dict[str, DocumentRecord] = {}
        codes: list[Codes] = []
        for candidate in candidates:
            _, tokens, stored, *columns = by_row[candidate.key.row]
            candidate.passage = passage_from(columns[:_PASSAGE_WIDTH])
            records[candidate.passage.doc_id] = record_from(columns[_PASSAGE_WIDTH:])
            codes.append(np.frombuffer(stored, np.uint8).reshape(tokens, -1))
        return Shortlist(block_similarities(codes, vectors), records, _Footnotes(self, map(passage_from, notes)))

    def check(self, probe: Passage, vector: NDArray[np.float32]) -> None:
        """
        Check that both channels answer.

        A passage's words must find it, and one of its vectors must find it.

        `vector`: (dim,) float32, as it was written. DamagedIndex when a channel does not answer.
        """
        nothing = np.zeros((0, len(vector)), np.float32)
        by_its_words = self.candidates(nothing, self.lexical_matches(LexicalSearch(analyze(probe.text)), 10), 10)
        nearest = max(max(row[-1], default=-1.0) for row in self._nearest(vector[None], 1, ()))
        if not any(self._read_passage(found.key).text == probe.text for found in by_its_words) or nearest < 0.99:
            raise DamagedIndex(
                f"the words and the vector of {probe.passage_id} must find it, they found {len(by_its_words)} passages "
                f"and a cosine of {nearest:.2f}: run `trichdan index --rebuild`"
            )

    def _nearest(self, vectors: NDArray[np.float32], k: int, ids: Sequence[int]) -> list[Row]:
        """The rows of these passages, and of at least the `k` with the nearest windows."""
        view, most = self._view, self._view.totals.windows
        limit = k
        while True:
            limit = min(limit * _WINDOWS_PER_PASSAGE, most)
            plan = self.manifest.search
            *_, rows = view.read(*exploring(view, plan), by_vectors(view, plan, vectors, max(limit, 1), ids))
            if limit == most or sum(is_near for *_, is_near, _ in rows) >= k:
                return rows

    def _scores(self, queries: Mapping[Field, FieldQuery], rows: Sequence[Row]) -> dict[RowKey, Scores]:
        """The lexical scores of rows that begin as `proposals` has them, in their order."""
        if not rows:
            return {}
        numbers = np.frombuffer(b"".join(row[4] for row in rows), "<u4")
        lengths = np.array([row[3] for row in rows], np.int32).reshape(-1, len(FIELDS))
        scorer = LexicalScores(ForwardIndex(numbers, field_ends(numbers), lengths), self._counts.statistics)
        return dict(zip(self._keys(rows), scorer.of_fields(queries, range(len(rows))), strict=True))

    def _keys(self, rows: Sequence[Row]) -> list[RowKey]:
        """The keys of rows that begin with id, document and ordinal."""
        ranks = self._view.stored.ranks([row[1] for row in rows])
        return [RowKey(rank, ordinal, row) for rank, (row, _, ordinal, *_) in zip(ranks, rows, strict=True)]

    def _scores_of(self, matches: PostgresMatches, keys: AbstractSet[RowKey]) -> dict[RowKey, Scores]:
        """The lexical scores of these passages, in reading order."""
        missing = [key.row for key in keys if key not in matches.scores]
        rows = self._view.read(by_id(self._view, missing))[0] if missing else []
        known = {**matches.scores, **self._scores(matches.queries, rows)}
        return {key: known[key] for key in sorted(keys)}

    def _candidate(self, key: RowKey, windows: tuple[float, ...], scores: Scores) -> Candidate:
        if self.manifest.background is not None:
            windows = tuple(map(self.scale.cosine, windows))
        return Candidate(self._read_passage, ChannelScores(windows, *scores), key)

    def _read_passage(self, key: RowKey) -> Passage:
        view = self._view
        (rows,) = view.read(
            view.statement(f"SELECT {PASSAGE_COLUMNS} FROM {{space}}.passages WHERE id = %(id)s", id=key.row)
        )
        return passage_from(rows[0])

    def _sections(self, doc_ids: Sequence[str], rows: Sequence[Row]) -> dict[str, list[SectionedPassage]]:
        own: dict[str, list[SectionedPassage]] = defaultdict(list)
        for key, (*_, doc_id, section, text) in zip(self._keys(rows), rows, strict=True):
            own[doc_id].append(SectionedPassage(key, section, _constant(text)))
        return {doc_id: own[doc_id] for doc_id in doc_ids}


def _constant(text: str) -> Callable[[RowKey], str]:
    """A function of a key that returns a text that is known."""
    return lambda _: text
