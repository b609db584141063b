"""
One generation of an index folder, opened for reading.

Passages are rows of the generation, numbered in reading order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.contract import LexicalMatches, LexicalSearch, SectionedPassage, Shortlist
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.generations import generation
from retrieval.index.local.generations.lease import Lease
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.lexical.sentence_files import SentenceFiles
from retrieval.index.local.local_documents import LocalDocuments
from retrieval.index.local.storage import abbreviations, vocabulary
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.local.storage.store import Store, open_store
from retrieval.index.local.storage.vocabulary import Vocabulary
from retrieval.index.manifest import Manifest
from retrieval.index.records.catalogue import Catalogue
from retrieval.index.scoring.field_query import Field, field_queries
from retrieval.index.scoring.lexical_scores import Scores
from retrieval.index.scoring.model_scale import ModelScale, model_scale
from retrieval.language.abbreviation import AbbreviationList, load_curated, mine
from retrieval.language.analyzer import analyze
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of

_SEARCHED_FIELDS: tuple[Field, ...] = ("exact", "folded")  # a match in the title alone makes no candidate


@dataclass(frozen=True, slots=True)
class GenerationFiles:
    """The files of a generation, opened."""

    lease: Lease  # held while an index over these files is in use
    manifest: Manifest
    dense: DenseChannel
    lexical: LexicalChannel
    sentences: SentenceFiles | None
    tokens: TokenChannel
    store: Store
    vocabulary: Vocabulary
    abbreviations: AbbreviationList  # the corpus's own, then the curated ones

    @classmethod
    def open(cls, folder: Path) -> GenerationFiles:
        """Open a generation after verifying its checksums, or raise an IndexFault."""
        lease = Lease(folder)
        manifest = generation.read_manifest(folder)
        generation.verify(folder, manifest)
        return cls(
            lease,
            manifest,
            DenseChannel.open(folder, manifest.search),
            LexicalChannel.open(folder),
            SentenceFiles.open(folder),
            TokenChannel.open(folder),
            open_store(folder),
            Vocabulary(folder / vocabulary.FILE),
            AbbreviationList(load_curated(), abbreviations.read(folder)),
        )


@dataclass(frozen=True, slots=True)
class LocalMatches:
    """The lexical channel's rows for a question, and a function that scores any rows."""

    rows: AbstractSet[int]
    score: Callable[[Sequence[int]], Mapping[int, Scores]]
    rarity: LexicalChannel
    sections: Mapping[str, Sequence[SectionedPassage]]


class _Footnotes(dict[str, Passage]):
    """The footnotes of a shortlist, each read on first use: few candidates are quoted."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, passage_id: str) -> Passage:
        self[passage_id] = self._store.passage(passage_id)
        return self[passage_id]


class LocalIndex(LocalDocuments):
    """
    FAISS, Tantivy and SQLite over one immutable generation; satisfies `retrieval.index.contract.Index`.

    Args:
        within: the collections that may be seen, None for all.
    """

    def __init__(self, files: GenerationFiles, within: frozenset[str] | None = None) -> None:
        super().__init__(files.store, within)
        self._files = files
        self._restricted: dict[frozenset[str], LocalIndex] = {}
        self.name = files.lease.generation.name.removesuffix(generation.PARTIAL)  # while it is admitted
        self.manifest = files.manifest
        self.catalogue = Catalogue(files.store, within)

    @classmethod
    def open(cls, folder: Path) -> LocalIndex:
        """Open a generation after verifying its checksums, or raise an IndexFault."""
        return cls(GenerationFiles.open(folder))

    @cached_property
    def collections(self) -> frozenset[str]:
        """The collections that have documents; computed on first use, since it reads all records."""
        if self._within is not None:
            return self._within
        return frozenset(collection_of(record.doc_id) for record in self._store.documents())

    @cached_property
    def scale(self) -> ModelScale:
        """The scale of the model over the documents."""
        return model_scale(self.manifest.background, self.collections)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The counts of accented syllables and pairs."""
        whole = self._files.vocabulary
        return whole if self._within is None else whole.restrict(self._within)

    @cached_property
    def abbreviations(self) -> AbbreviationList:
        """The documents' own abbreviations, then the curated ones; of some collections mined on first use."""
        if self._rows is None:
            return self._files.abbreviations
        return AbbreviationList(load_curated(), mine(self._definitions(self._rows)))

    @cached_property
    def _rows(self) -> RowFilter | None:
        return None if self._within is None else RowFilter.of(self._store.doc_ids_by_row(), self._within)

    @cached_property
    def _lexical(self) -> LexicalChannel:
        whole = self._files.lexical
        if self._within is None or self._rows is None:
            return whole
        return whole.restrict(self._rows, self._within)

    def restrict(self, within: frozenset[str] | None) -> LocalIndex:
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
            self._restricted[chosen] = LocalIndex(self._files, chosen)
        return self._restricted[chosen]

    def rarity(self, texts: Iterable[str]) -> LexicalChannel:  # noqa: ARG002 - nothing is fetched beforehand
        """How rare terms are: any, since they are looked up in memory."""
        return self._lexical

    def lexical_matches(self, search: LexicalSearch, k: int) -> LocalMatches:
        """At least the `k` best passages of the lexical channel; see `Index.lexical_matches`."""
        query, lexical = field_queries(search.terms, search.concepts, search.synonyms), self._lexical
        rows = {row for field in _SEARCHED_FIELDS for row in lexical.search(field, query[field], k)}
        known = lexical.score(query, sorted(rows))
        return LocalMatches(
            rows,
            lambda rows: known | lexical.score(query, [row for row in rows if row not in known]),
            lexical,
            {doc_id: self._sections_of(doc_id) for doc_id in search.documents if self._may_see(doc_id)},
        )

    def candidates(
        self, vectors: NDArray[np.float32], found: LexicalMatches, k: int, also: AbstractSet[int] = frozenset()
    ) -> list[Candidate]:
        """At least each channel's `k` best passages, scored by all channels; see `Index.candidates`."""
        dense, read, found = self._files.dense, self._store.passage_at, cast(LocalMatches, found)
        nearest = dense.search(vectors, k, self._rows) if len(vectors) else {}
        chosen = sorted(found.rows | nearest.keys() | also)
        query = found.score(chosen)
        windows = dense.score(vectors, chosen) if len(vectors) else [() for _ in chosen]
        if self.manifest.background is not None:
            windows = [tuple(map(self.scale.cosine, own)) for own in windows]
        return [Candidate(read, ChannelScores(own, *query[row]), row) for row, own in zip(chosen, windows, strict=True)]

    def read_shortlist(self, vectors: NDArray[np.float32], candidates: Sequence[Candidate]) -> Shortlist:
        """Compare the readings' tokens with each candidate; see `Index.read_shortlist`."""
        store, rows = self._store, [candidate.key for candidate in candidates]
        passages = store.passages(rows)  # loading them one by one takes twice as long
        for candidate, row in zip(candidates, rows, strict=True):
            candidate.passage = passages[row]
            if sentences := self._files.sentences:
                candidate.words = self._files.lexical.words(row, sentences.ends_of(row))
        records = {passage.doc_id: store.document(passage.doc_id) for passage in passages.values()}
        return Shortlist(self._files.tokens.block_similarities(vectors, rows), records, _Footnotes(store))

    def check_offsets(self) -> None:
        """Compare every passage with its document; DamagedIndex when one is not at its offsets."""
        store = self._store
        for record in store.documents():
            text = store.document_text(record.doc_id)
            for passage in store.passages_of(record.doc_id):
                if text[passage.start : passage.end] != passage.text:
                    raise DamagedIndex(f"{passage.passage_id} is not in its document: run `trichdan index --rebuild`")

    def check(self, probe: Passage, vectors: NDArray[np.float32]) -> None:
        """
        Check that both channels answer.

        A passage's words must find it, and a vector must find itself.

        `vectors`: (n, dim) float32, as they were written. DamagedIndex when a channel does not answer.
        """
        dense = self._files.dense
        no_vectors = np.zeros((0, dense.dim), np.float32)
        matches = self.candidates(no_vectors, self.lexical_matches(LexicalSearch(analyze(probe.text)), 10), 10)
        nearest = dense.search(vectors[:1], 1)
        if not any(hit.passage.text == probe.text for hit in matches):
            raise DamagedIndex(
                f"the words of {probe.passage_id} must find it, they found {len(matches)} other passages: "
                "run `trichdan index --rebuild`"
            )
        if max(nearest.values()) < 0.99:
            raise DamagedIndex("a vector must find itself, it did not: run `trichdan index --rebuild`")

    def _sections_of(self, doc_id: str) -> list[SectionedPassage]:
        read = self._text_at
        return [SectionedPassage(row, section, read) for row, section in self._store.sections_of(doc_id)]

    def _text_at(self, row: int) -> str:
        return self._store.passage_at(row).text

    def _definitions(self, rows: RowFilter) -> Iterator[str]:
        """The texts of the rows that define abbreviations."""
        defining = abbreviations.defining_rows(self._files.lease.generation)
        chosen = defining[rows.mask[defining]].tolist()
        for start in range(0, len(chosen), 1000):  # SQLite binds a few thousand values at most
            yield from (passage.text for passage in self._store.passages(chosen[start : start + 1000]).values())
