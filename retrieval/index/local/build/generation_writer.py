"""
Write the files of a generation, reusing what the previous one already computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index.build.document_collector import SplitDocument
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import piece_texts, sample_queries, window_texts
from retrieval.index.build.progress import Progress
from retrieval.index.local.build.reuse import Reuse
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.storage import abbreviations
from retrieval.index.local.storage.store import Store
from retrieval.index.local.storage.vocabulary import Vocabulary
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.index.scoring.token_codes import Codes
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document

_BLOCK = 500  # passages whose terms or vectors are in memory at a time
_Entries = Sequence[tuple[Document, Passage]]
_Texts = dict[int, tuple[str, ...]]  # by row
_Rows = TypeVar("_Rows", range, NDArray[np.int64])


@dataclass(frozen=True, slots=True)
class GenerationData:
    """The data that a generation was written from."""

    documents: int
    passages: list[Passage]
    vectors: NDArray[np.float32]  # (windows, dim), unit rows
    plan: SearchPlan

    @property
    def probe(self) -> Passage:
        """A long passage, used to check the new index."""
        return max(self.passages[:100], key=lambda passage: len(passage.text))


def write_generation(
    folder: Path,
    documents: Sequence[SplitDocument],
    reuse: Reuse | None,
    encoder: Encoder,
    cache: EmbeddingCache,
    progress: Progress,
) -> GenerationData:
    """Write everything but the manifest into a generation's folder, computing only what `reuse` lacks."""
    entries = [(each.document, passage) for each in documents for passage in each.passages]
    passages = [passage for _, passage in entries]
    Store.write(folder, ((each.document, each.digest) for each in documents), passages)
    _write_lexical(folder, documents, entries, reuse, progress)
    new = range(len(entries)) if reuse is None else reuse.new
    without_vectors = range(len(entries)) if reuse is None or reuse.dense is None else new
    pieces = {row: piece_texts(entries[row][0].title, entries[row][1]) for row in new}
    windows = {row: window_texts(entries[row][0].title, entries[row][1]) for row in without_vectors}
    missing = cache.missing_texts(encoder, list(chain(*pieces.values())), list(chain(*windows.values())))
    progress.start("encoding", missing.work(encoder))
    cache.encode_missing(encoder, missing, progress.advance)
    TokenChannel.write(folder, _codes(len(entries), pieces, reuse, encoder, cache))
    owners, vectors = _vectors(len(entries), windows, reuse, encoder, cache)
    plan = DenseChannel.write(folder, vectors, owners, questions=lambda: sample_queries(_all_windows(entries), encoder))
    return GenerationData(len(documents), passages, vectors, plan)


def _write_lexical(
    folder: Path, documents: Sequence[SplitDocument], entries: _Entries, reuse: Reuse | None, progress: Progress
) -> None:
    texts = [passage.text for _, passage in entries]
    if reuse is None:
        Vocabulary.write(folder, chain.from_iterable(map(SplitDocument.vocabulary_texts, documents)))
        abbreviations.write(folder, texts)
    else:
        new = (each for each in documents if each.document.doc_id not in reuse.same)
        Vocabulary.write_changed(
            folder, reuse.folder, reuse.gone, chain.from_iterable(map(SplitDocument.vocabulary_texts, new))
        )
        abbreviations.write(folder, texts, reuse.defining(texts))
    progress.start("lexical", len(entries))
    collections = [collection_of(document.doc_id) for document, _ in entries]
    parted = len(set(collections)) > 1
    LexicalChannel.write(folder, _passage_terms(entries, reuse, progress), collections if parted else ())


def _passage_terms(entries: _Entries, reuse: Reuse | None, progress: Progress) -> Iterator[PassageTerms]:
    for rows in _blocks(range(len(entries))):
        known = reuse.terms(rows) if reuse else {}
        for row in rows:
            document, passage = entries[row]
            yield known.get(row) or PassageTerms.of(passage.text, f"{document.title} {passage.section}")
        progress.advance(len(rows))


def _codes(
    passages: int, pieces: _Texts, reuse: Reuse | None, encoder: Encoder, cache: EmbeddingCache
) -> Iterator[Codes]:
    """Each passage's token vectors, its pieces concatenated."""
    fresh = cache.codes(encoder, list(chain(*pieces.values())))
    for row in range(passages):
        if reuse and row not in pieces:
            yield reuse.codes(row)
        else:
            yield np.concatenate([next(fresh) for _ in pieces[row]])


def _vectors(
    passages: int, windows: _Texts, reuse: Reuse | None, encoder: Encoder, cache: EmbeddingCache
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Each window's passage row, (windows,) int32, and vector, (windows, dim) float32 unit rows."""
    counts = np.zeros(passages, np.int64)
    counts[list(windows)] = [len(own) for own in windows.values()]
    known = np.setdiff1d(np.arange(passages), list(windows))
    if reuse and reuse.dense:
        counts[known] = reuse.dense.counts(reuse.rows[known])
    owners = np.repeat(np.arange(passages, dtype=np.int32), counts)
    is_known = np.isin(owners, known)
    vectors = np.empty((len(owners), encoder.dim), np.float32)
    cache.put_vectors(encoder, list(chain(*windows.values())), vectors, np.flatnonzero(~is_known).tolist())
    if reuse and reuse.dense:
        places = iter(np.flatnonzero(is_known).tolist())
        for rows in _blocks(known):
            found = reuse.dense.vectors_of(reuse.rows[rows])
            vectors[list(islice(places, len(found)))] = found
    return owners, vectors


def _all_windows(entries: _Entries) -> list[str]:
    return [text for document, passage in entries for text in window_texts(document.title, passage)]


def _blocks(rows: _Rows) -> Iterator[_Rows]:
    return (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
