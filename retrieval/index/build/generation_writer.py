"""
What a generation is Written from: passages, what the encoder reads of them, and its vectors.

Apart from `build`, which decides whether there is anything to write, and makes it the live generation.
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
from retrieval.index.build.document_collector import Divided
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import own_words, piece_texts, window_texts
from retrieval.index.build.progress import Progress
from retrieval.index.build.reuse import Inheritance
from retrieval.index.dense.channel import DenseChannel
from retrieval.index.dense.search_plan import SearchPlan
from retrieval.index.dense.token_vectors import Codes, TokenChannel
from retrieval.index.lexical.channel import Analyzed, LexicalChannel
from retrieval.index.storage import abbreviations
from retrieval.index.storage.store import Store
from retrieval.index.storage.vocabulary import Vocabulary
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document

_BLOCK = 500  # passages of which the terms, or the vectors, are held at a time
_Titled = Sequence[tuple[Document, Passage]]
_Texts = dict[int, tuple[str, ...]]  # by row
_Rows = TypeVar("_Rows", range, NDArray[np.int64])


@dataclass(frozen=True, slots=True)
class Written:
    """What a generation was written from."""

    documents: int
    passages: list[Passage]
    vectors: NDArray[np.float32]  # (windows, dim), unit rows
    plan: SearchPlan

    @property
    def probe(self) -> Passage:
        """A passage with many words, by which the new index is tried."""
        return max(self.passages[:100], key=lambda passage: len(passage.text))


def write(
    folder: Path,
    documents: Sequence[Divided],
    taken: Inheritance | None,
    encoder: Encoder,
    cache: EmbeddingCache,
    progress: Progress,
) -> Written:
    """Puts everything but the manifest into a generation's folder; what can be taken over is not computed."""
    titled = [(each.document, passage) for each in documents for passage in each.passages]
    passages = [passage for _, passage in titled]
    Store.write(folder, ((each.document, each.digest) for each in documents), passages)
    _write_words(folder, documents, titled, taken, progress)
    new = range(len(titled)) if taken is None else taken.new
    unvectored = range(len(titled)) if taken is None or taken.dense is None else new
    pieces = {row: piece_texts(titled[row][0].title, titled[row][1]) for row in new}
    windows = {row: window_texts(titled[row][0].title, titled[row][1]) for row in unvectored}
    unpaid = cache.unpaid(encoder, list(chain(*pieces.values())), list(chain(*windows.values())))
    progress.start("encoding", unpaid.work(encoder))
    cache.pay(encoder, unpaid, progress.advance)
    TokenChannel.write(folder, _codes(len(titled), pieces, taken, encoder, cache))
    owners, vectors = _vectors(len(titled), windows, taken, encoder, cache)
    plan = DenseChannel.write(folder, vectors, owners, questions=lambda: own_words(_all_windows(titled), encoder))
    return Written(len(documents), passages, vectors, plan)


def _write_words(
    folder: Path, documents: Sequence[Divided], titled: _Titled, taken: Inheritance | None, progress: Progress
) -> None:
    texts = [passage.text for _, passage in titled]
    if taken is None:
        Vocabulary.write(folder, chain.from_iterable(map(_counted_of, documents)))
        abbreviations.write(folder, texts)
    else:
        new = (each for each in documents if each.document.doc_id not in taken.same)
        Vocabulary.write_changed(folder, taken.folder, taken.gone, chain.from_iterable(map(_counted_of, new)))
        abbreviations.write(folder, texts, taken.defining(texts))
    progress.start("lexical", len(titled))
    LexicalChannel.write(folder, _analyzed(titled, taken, progress))


def _counted_of(each: Divided) -> Iterator[tuple[str, str]]:
    """What the vocabulary counts of a document, with its collection."""
    collection = collection_of(each.document.doc_id)
    yield collection, each.document.title
    yield from ((collection, passage.text) for passage in each.passages)


def _analyzed(titled: _Titled, taken: Inheritance | None, progress: Progress) -> Iterator[Analyzed]:
    for rows in _blocks(range(len(titled))):
        known = taken.analyzed(rows) if taken else {}
        for row in rows:
            document, passage = titled[row]
            yield known.get(row) or Analyzed.of(passage.text, f"{document.title} {passage.section}")
        progress.advance(len(rows))


def _codes(
    passages: int, pieces: _Texts, taken: Inheritance | None, encoder: Encoder, cache: EmbeddingCache
) -> Iterator[Codes]:
    """Each passage's tokens, those of its pieces one after the other."""
    fresh = cache.codes(encoder, list(chain(*pieces.values())))
    for row in range(passages):
        if taken and row not in pieces:
            yield taken.codes(row)
        else:
            yield np.concatenate([next(fresh) for _ in pieces[row]])


def _vectors(
    passages: int, windows: _Texts, taken: Inheritance | None, encoder: Encoder, cache: EmbeddingCache
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The row to which each window belongs, and the windows' vectors, (windows, dim) unit rows."""
    counts = np.zeros(passages, np.int64)
    counts[list(windows)] = [len(own) for own in windows.values()]
    known = np.setdiff1d(np.arange(passages), list(windows))
    if taken and taken.dense:
        counts[known] = taken.dense.counts(taken.rows[known])
    owners = np.repeat(np.arange(passages, dtype=np.int32), counts)
    is_known = np.isin(owners, known)
    vectors = np.empty((len(owners), encoder.dim), np.float32)
    cache.put_vectors(encoder, list(chain(*windows.values())), vectors, np.flatnonzero(~is_known).tolist())
    if taken and taken.dense:
        places = iter(np.flatnonzero(is_known).tolist())
        for rows in _blocks(known):
            found = taken.dense.vectors_of(taken.rows[rows])
            vectors[list(islice(places, len(found)))] = found
    return owners, vectors


def _all_windows(titled: _Titled) -> list[str]:
    return [text for document, passage in titled for text in window_texts(document.title, passage)]


def _blocks(rows: _Rows) -> Iterator[_Rows]:
    return (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
