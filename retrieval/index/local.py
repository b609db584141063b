"""
One generation, opened for reading: the index as everything above it sees it.

Callers name passages by id and never see rows or files, so that another engine can stand here one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index import abbreviations, generation, store, vocabulary
from retrieval.index.dense import DenseChannel
from retrieval.index.lease import Lease
from retrieval.index.lexical import Field, LexicalChannel, Words
from retrieval.index.rows import Rows
from retrieval.index.store import Store
from retrieval.index.tokens import TokenChannel
from retrieval.index.vocabulary import Vocabulary
from retrieval.language.abbreviation import AbbreviationList, load_curated, mine
from retrieval.language.analyzer import Terms, analyze
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of


@dataclass(frozen=True, slots=True)
class ChannelScores:
    """
    What each channel says of one passage, higher is better: cosines in [-1, 1], BM25 sums from 0.
    """

    windows: tuple[float, ...]  # one for each of the passage's windows, in order; empty when dense was not asked
    exact: float
    folded: float
    title: float

    @property
    def dense(self) -> float:
        """The best window's cosine, -1 when dense was not asked."""
        return max(self.windows, default=-1.0)

    def by_channel(self) -> dict[str, float]:
        """Each channel's one score by its name, in the order in which they are shown."""
        return {"dense": self.dense, "exact": self.exact, "folded": self.folded, "title": self.title}


class Candidate:
    """
    A passage that some channel put forward, with every channel's score of it. It is read when it is looked at: most
    candidates are left behind by their scores, and reading all of them took half the time of a search.

    Args:
        passage: itself, or how to read it by its row.
        row: where its index has it.
    """

    def __init__(self, passage: Passage | Callable[[int], Passage], scores: ChannelScores, row: int = -1) -> None:
        self._given = passage
        self.scores = scores
        self.row = row

    @cached_property
    def passage(self) -> Passage:
        """The passage itself."""
        return self._given if isinstance(self._given, Passage) else self._given(self.row)


class LocalIndex:
    """FAISS, Tantivy and SQLite over one immutable generation; safe to read from several threads."""

    def __init__(
        self,
        lease: Lease,
        manifest: generation.Manifest,
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
        self.abbreviations = abbreviations  # the corpus' own, then the curated ones
        self._lease = lease  # held as long as this or a copy of it is in use
        self._dense = dense
        self._lexical = lexical
        self._tokens = tokens
        self._rows: Rows | None = None
        self._narrower: dict[frozenset[str], LocalIndex] = {}

    @classmethod
    def open(cls, folder: Path) -> LocalIndex:
        """The index in a generation's folder, its files compared with their checksums; an IndexFault if not."""
        lease = Lease(folder)
        manifest = generation.read_manifest(folder)
        generation.verify(folder, manifest)
        return cls(
            lease,
            manifest,
            dense=DenseChannel.open(folder, manifest.search),
            lexical=LexicalChannel.open(folder),
            tokens=TokenChannel.open(folder),
            store=Store(folder / store.FILE),
            vocabulary=Vocabulary(folder / vocabulary.FILE),
            abbreviations=AbbreviationList(load_curated(), abbreviations.read(folder)),
        )

    @cached_property
    def collections(self) -> frozenset[str]:
        """Those that have a document here; found out when first asked for, since it takes reading all records."""
        return frozenset(collection_of(record.doc_id) for record in self.store.documents())

    def only(self, within: frozenset[str] | None) -> LocalIndex:
        """
        The index as one who may see these collections meets it, None meaning all: what is found, what is understood
        and which words are known come from their documents. Only how rare a term is, is counted over all of them.
        """
        if within is None:
            return self
        chosen = self.collections & within
        if chosen == self.collections:
            return self
        if chosen not in self._narrower:
            narrower = copy(self)
            narrower.collections = chosen
            narrower.vocabulary = self.vocabulary.only(chosen)
            rows = Rows.of(self.store.owners(), chosen)
            narrower._rows = rows  # noqa: SLF001 - a copy of this very object
            narrower._narrower = {}  # noqa: SLF001 - not a ring of references, which would hold the lease for long
            narrower.abbreviations = AbbreviationList(load_curated(), mine(self._definitions(rows)))
            self._narrower[chosen] = narrower
        return self._narrower[chosen]

    def candidates(
        self,
        vectors: NDArray[np.float32],
        terms: Terms,
        concepts: Sequence[Sequence[Terms]],
        k: int,
        synonyms: Sequence[Sequence[Terms]] = (),
    ) -> list[Candidate]:
        """
        The at least `k` best passages of each channel, each scored by all channels, in no order.

        `vectors`: (readings, dim) float32 unit rows, one per reading of the question; the best reading counts.
        `concepts`: things named in several wordings, of which the best one counts; `synonyms`: the same, the wordings
        after the first counting for less.
        """
        exact = Words(
            terms.exact,
            tuple(tuple(wording.exact for wording in concept) for concept in concepts),
            tuple(tuple(wording.exact for wording in synonym) for synonym in synonyms),
        )
        folded = Words(
            terms.folded,
            tuple(tuple(wording.folded for wording in concept) for concept in concepts),
            tuple(tuple(wording.folded for wording in synonym) for synonym in synonyms),
        )
        with ThreadPoolExecutor(1) as beside:  # FAISS and Tantivy let Python's lock go while they search
            nearest = beside.submit(self._dense.search, vectors, k, self._rows) if len(vectors) else None
            rows = set(self._lexical.search("exact", exact, k, self._rows))
            rows |= set(self._lexical.search("folded", folded, k, self._rows))
        chosen = sorted(rows.union(nearest.result() if nearest else ()))
        windows = self._dense.score(vectors, chosen) if len(vectors) else [() for _ in chosen]
        words = self._lexical.score({"exact": exact, "folded": folded, "title": folded}, chosen)
        scores = zip(windows, *words.values(), strict=True)
        read = self.store.at
        return [Candidate(read, ChannelScores(*said), row) for row, said in zip(chosen, scores, strict=True)]

    def nearest(self, vectors: NDArray[np.float32], candidates: Sequence[Candidate]) -> list[NDArray[np.float32]]:
        """What each candidate's tokens come to for those of one reading of the question: see `TokenChannel.nearest`."""
        rows = [candidate.row for candidate in candidates]
        passages = self.store.passages(rows)  # which are looked at next: at once, one by one they take twice as long
        for candidate in candidates:
            candidate.passage = passages[candidate.row]
        return self._tokens.nearest(vectors, rows)

    def idf(self, field: Field, term: str) -> float:
        """How rare a term is among the passages: ln(1 + (N - n + 0.5) / (n + 0.5))."""
        return self._lexical.idf(field, term)

    @property
    def rarest(self) -> float:
        """The idf of a term that one passage holds."""
        return self._lexical.rarest

    def knows(self, folded_term: str) -> bool:
        """Whether any passage holds the folded term."""
        return self._lexical.holds("folded", folded_term, self._rows)

    def _definitions(self, rows: Rows) -> Iterator[str]:
        """The texts of those of the rows that define abbreviations."""
        defining = abbreviations.defining_rows(self.folder)
        chosen = defining[rows.held[defining]].tolist()
        for start in range(0, len(chosen), 1000):  # SQLite binds some thousand values at a time
            yield from (passage.text for passage in self.store.passages(chosen[start : start + 1000]).values())

    def check(self, probe: Passage, vectors: NDArray[np.float32]) -> None:
        """
        Proves that both channels answer: a passage's own words must find it, and its text among the nearest of
        the vectors ((n, dim), as they were written) of the index itself. DamagedIndex when they do not.
        """
        silent = np.zeros((0, self._dense.dim), np.float32)
        by_words = self.candidates(silent, analyze(probe.text), (), 10)
        nearest = self._dense.search(vectors[:1], 1)
        if not any(hit.passage.text == probe.text for hit in by_words):
            raise DamagedIndex(
                f"the words of {probe.passage_id} must find it, they found {len(by_words)} other passages: "
                "run `trichdan index --rebuild`"
            )
        if max(nearest.values()) < 0.99:
            raise DamagedIndex("a vector must find itself, it did not: run `trichdan index --rebuild`")
