"""
One generation opened for reading: the index as the rest of the program sees it.

Callers identify passages by id and never see rows or files, so that another engine could replace this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.generations import generation
from retrieval.index.local.generations.lease import Lease
from retrieval.index.local.lexical.channel import LexicalChannel, Scores
from retrieval.index.local.storage import abbreviations, vocabulary
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.local.storage.store import Store, open_store
from retrieval.index.local.storage.vocabulary import Vocabulary
from retrieval.index.manifest import Manifest
from retrieval.index.records.document_names import DocumentNames
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.records.legal_status import LegalStatuses
from retrieval.index.scoring.field_query import Field, field_queries
from retrieval.index.scoring.model_scale import ModelScale, model_scale
from retrieval.index.scoring.token_codes import BlockSimilarities
from retrieval.language.abbreviation import AbbreviationList, load_curated, mine
from retrieval.language.analyzer import Terms, analyze
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.provision import annex_in

_SEARCHED_FIELDS: tuple[Field, ...] = ("exact", "folded")  # a match in the title alone makes no candidate


@dataclass(frozen=True, slots=True)
class LexicalMatches:
    """The lexical channel's rows for a question, and a function that scores any rows."""

    rows: AbstractSet[int]
    score: Callable[[Sequence[int]], Mapping[int, Scores]]


class LocalIndex:
    """FAISS, Tantivy and SQLite over one immutable generation; safe to read from several threads."""

    def __init__(
        self,
        lease: Lease,
        manifest: Manifest,
        *,
        dense: DenseChannel,
        lexical: LexicalChannel,
        tokens: TokenChannel,
        store: Store,
        vocabulary: Vocabulary,
        abbreviations: AbbreviationList,
    ) -> None:
        self.folder = lease.generation
        self.manifest = manifest
        self.store = store
        self.vocabulary = vocabulary
        self.abbreviations = abbreviations  # the corpus's own, then the curated ones
        self._lease = lease  # held while this or a copy of it is in use
        self._dense = dense
        self._lexical = lexical
        self._tokens = tokens
        self._rows: RowFilter | None = None
        self._restricted: dict[frozenset[str], LocalIndex] = {}

    @classmethod
    def open(cls, folder: Path) -> LocalIndex:
        """Open a generation after verifying its checksums, or raise an IndexFault."""
        lease = Lease(folder)
        manifest = generation.read_manifest(folder)
        generation.verify(folder, manifest)
        return cls(
            lease,
            manifest,
            dense=DenseChannel.open(folder, manifest.search),
            lexical=LexicalChannel.open(folder),
            tokens=TokenChannel.open(folder),
            store=open_store(folder),
            vocabulary=Vocabulary(folder / vocabulary.FILE),
            abbreviations=AbbreviationList(load_curated(), abbreviations.read(folder)),
        )

    @cached_property
    def collections(self) -> frozenset[str]:
        """The collections that have documents; computed on first use, since it reads all records."""
        return frozenset(collection_of(record.doc_id) for record in self.store.documents())

    @cached_property
    def document_names(self) -> DocumentNames:
        """The names of the documents that may be seen; computed on first use."""
        return DocumentNames(self._records())

    @cached_property
    def shared_titles(self) -> frozenset[str]:
        """The titles that more than one document that may be seen has."""
        if self._rows is None:
            return self.store.shared_titles
        counts = Counter(record.title for record in self._records())
        return frozenset(title for title, count in counts.items() if count > 1)

    @cached_property
    def legal_statuses(self) -> LegalStatuses:
        """The legal status of the documents that may be seen; computed on first use."""
        return LegalStatuses(self._records() if self.store.legal_forces else (), self.store.legal_forces)

    @cached_property
    def scale(self) -> ModelScale:
        """The scale of the model over the documents that may be seen."""
        return model_scale(self.manifest.background, self.collections)

    @cached_property
    def statutes(self) -> tuple[str, ...]:
        """The ids of the documents with articles that may be seen; computed on first use."""
        return tuple(doc_id for doc_id in self.store.documents_with_sections("Điều ") if self._may_see(doc_id))

    @cached_property
    def annexes(self) -> tuple[tuple[str, str], ...]:
        """Document id and heading of each annex with articles that may be seen."""
        paths = self.store.paths_above_articles()
        found = ((doc_id, annex_in(path)) for doc_id, path in paths if self._may_see(doc_id))
        return tuple(dict.fromkeys((doc_id, annex) for doc_id, annex in found if annex))

    def restrict(self, within: frozenset[str] | None) -> LocalIndex:
        """
        A view of these collections only, None for all.

        Results, abbreviations, vocabulary and idf come from their documents only.
        """
        if within is None:
            return self
        chosen = self.collections & within
        if chosen == self.collections:
            return self
        if chosen not in self._restricted:
            restricted = copy(self)
            for name in ("annexes", "document_names", "legal_statuses", "scale", "shared_titles", "statutes"):
                restricted.__dict__.pop(name, None)
            restricted.collections = chosen
            restricted.vocabulary = self.vocabulary.restrict(chosen)
            rows = RowFilter.of(self.store.doc_ids_by_row(), chosen)
            restricted._rows = rows  # noqa: SLF001 - a copy of this very object
            restricted._lexical = self._lexical.restrict(rows, chosen)  # noqa: SLF001
            restricted._restricted = {}  # noqa: SLF001 - its own: a cycle would delay the lease's release
            restricted.abbreviations = AbbreviationList(load_curated(), mine(self._definitions(rows)))
            self._restricted[chosen] = restricted
        return self._restricted[chosen]

    def lexical_matches(
        self,
        terms: Terms,
        concepts: Sequence[Sequence[Terms]],
        k: int,
        synonyms: Sequence[Sequence[Terms]] = (),
    ) -> LexicalMatches:
        """
        At least the `k` best passages of the lexical channel.

        Can run while the vectors are computed.

        Args:
            concepts: things named in several wordings, the best of which counts.
            synonyms: likewise, the wordings after the first counting for less.
        """
        query, lexical = field_queries(terms, concepts, synonyms), self._lexical
        rows = {row for field in _SEARCHED_FIELDS for row in lexical.search(field, query[field], k)}
        known = lexical.score(query, sorted(rows))
        return LexicalMatches(
            rows, lambda rows: known | lexical.score(query, [row for row in rows if row not in known])
        )

    def candidates(
        self, vectors: NDArray[np.float32], found: LexicalMatches, k: int, also: AbstractSet[int] = frozenset()
    ) -> list[Candidate]:
        """
        At least each channel's `k` best passages, scored by all channels, in reading order.

        Cosines are on the bundled model's scale.

        Args:
            vectors: (readings, dim) float32 unit rows, one per reading of the question; the best reading counts.
            found: the lexical matches of the same question.
            also: rows that the question names.
        """
        nearest = self._dense.search(vectors, k, self._rows) if len(vectors) else {}
        chosen = sorted(found.rows | nearest.keys() | also)
        query = found.score(chosen)
        windows = self._dense.score(vectors, chosen) if len(vectors) else [() for _ in chosen]
        if self.manifest.background is not None:
            windows = [tuple(map(self.scale.cosine, own)) for own in windows]
        read = self.store.passage_at
        return [Candidate(read, ChannelScores(own, *query[row]), row) for row, own in zip(chosen, windows, strict=True)]

    def _records(self) -> Iterator[DocumentRecord]:
        return (record for record in self.store.documents() if self._may_see(record.doc_id))

    def _may_see(self, doc_id: str) -> bool:
        return self._rows is None or collection_of(doc_id) in self.collections

    def block_similarities(self, vectors: NDArray[np.float32], candidates: Sequence[Candidate]) -> BlockSimilarities:
        """Compare the readings' tokens with each candidate: see `TokenChannel.block_similarities`."""
        rows = [candidate.row for candidate in candidates]
        passages = self.store.passages(rows)  # needed next; loading them one by one takes twice as long
        for candidate in candidates:
            candidate.passage = passages[candidate.row]
        return self._tokens.block_similarities(vectors, rows)

    def idf(self, field: Field, term: str) -> float:
        """The idf of a term among the passages."""
        return self._lexical.idf(field, term)

    @property
    def rarest_idf(self) -> float:
        """The idf of a term that one passage holds."""
        return self._lexical.rarest_idf

    def knows(self, folded_term: str) -> bool:
        """Whether any passage holds the folded term."""
        return self._lexical.holds("folded", folded_term)

    def _definitions(self, rows: RowFilter) -> Iterator[str]:
        """The texts of the rows that define abbreviations."""
        defining = abbreviations.defining_rows(self.folder)
        chosen = defining[rows.mask[defining]].tolist()
        for start in range(0, len(chosen), 1000):  # SQLite binds a few thousand values at most
            yield from (passage.text for passage in self.store.passages(chosen[start : start + 1000]).values())

    def check(self, probe: Passage, vectors: NDArray[np.float32]) -> None:
        """
        Check that both channels answer.

        A passage's words must find it, and a vector must find itself.

        `vectors`: (n, dim) float32, as they were written. DamagedIndex when a channel does not answer.
        """
        no_vectors = np.zeros((0, self._dense.dim), np.float32)
        lexical_matches = self.candidates(no_vectors, self.lexical_matches(analyze(probe.text), (), 10), 10)
        nearest = self._dense.search(vectors[:1], 1)
        if not any(hit.passage.text == probe.text for hit in lexical_matches):
            raise DamagedIndex(
                f"the words of {probe.passage_id} must find it, they found {len(lexical_matches)} other passages: "
                "run `trichdan index --rebuild`"
            )
        if max(nearest.values()) < 0.99:
            raise DamagedIndex("a vector must find itself, it did not: run `trichdan index --rebuild`")
