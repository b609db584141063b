"""
Write the files of a generation, reusing what the previous one already computed.

Of the documents, their texts and their vectors, a stretch at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index.build.document_collector import BuildInput, SplitDocument
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encode_blocks import PASSAGES, encode_blocks
from retrieval.index.build.encoder_input import piece_texts, sample_queries, window_texts
from retrieval.index.build.progress import Progress
from retrieval.index.local.build.reuse import Reuse
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.dense.vector_file import VectorFile
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.lexical.sentence_files import SentenceFiles
from retrieval.index.local.storage import abbreviations
from retrieval.index.local.storage.store import Store
from retrieval.index.local.storage.vocabulary import Vocabulary
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.index.scoring.passage_words import sentence_ends
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.index.scoring.token_codes import Codes
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document
from retrieval.window import split_windows

_BLOCK = 500  # passages whose terms or vectors are in memory at a time
_PROBES = 100  # of so many passages the longest is looked for in the new index
_Documents = Sequence[SplitDocument]


class _Entry(NamedTuple):
    row: int
    document: Document
    passage: Passage


@dataclass(frozen=True, slots=True)
class GenerationData:
    """What a generation was written from."""

    documents: int
    passages: int
    windows: int
    plan: SearchPlan
    probe: Passage  # a long one, used to check the new index
    vectors: NDArray[np.float32]  # (1, dim), the first


def write_generation(
    folder: Path,
    build_input: BuildInput,
    reuse: Reuse | None,
    encoder: Encoder,
    cache: EmbeddingCache,
    progress: Progress,
) -> GenerationData:
    """Write everything but the manifest into a generation's folder, computing only what `reuse` lacks."""
    documents, passages = build_input.documents, build_input.passages
    Store.write(folder, ((each.document, each.digest) for each in documents), _passages(documents))
    _write_lexical(folder, documents, reuse, progress)
    SentenceFiles.write(folder, _sentence_ends(documents, reuse))
    encode_blocks(lambda: _new_texts(documents, reuse), encoder, cache, progress)
    TokenChannel.write(folder, _codes(documents, reuse, encoder, cache))
    vectors = _vectors(folder, documents, reuse, encoder, cache)
    owners = np.repeat(np.arange(passages, dtype=np.int32), _window_counts(documents, passages, reuse))
    plan = DenseChannel.write(
        folder, vectors, owners, questions=lambda: sample_queries(_titled(documents), len(owners), encoder)
    )
    probe = max(islice(_passages(documents), _PROBES), key=lambda passage: len(passage.text))
    return GenerationData(len(documents), passages, len(owners), plan, probe, vectors[:1].copy())


def _write_lexical(folder: Path, documents: _Documents, reuse: Reuse | None, progress: Progress) -> None:
    texts = (passage.text for passage in _passages(documents))
    if reuse is None:
        Vocabulary.write(folder, chain.from_iterable(map(SplitDocument.vocabulary_texts, documents)))
        abbreviations.write(folder, texts)
    else:
        new = (each for each in documents if each.document.doc_id not in reuse.same)
        Vocabulary.write_changed(
            folder, reuse.folder, reuse.gone, chain.from_iterable(map(SplitDocument.vocabulary_texts, new))
        )
        abbreviations.write(folder, texts, reuse.defining())
    # Of each passage; one name for all of a document's, since there are many of them.
    collections = [name for each in documents for name in [collection_of(each.document.doc_id)] * len(each.passages)]
    progress.start("lexical", len(collections))
    parted = len(set(collections)) > 1
    LexicalChannel.write(folder, _passage_terms(documents, reuse, progress), collections if parted else ())


def _passage_terms(documents: _Documents, reuse: Reuse | None, progress: Progress) -> Iterator[PassageTerms]:
    for block in _blocks(documents, _BLOCK):
        known = reuse.terms([entry.row for entry in block]) if reuse else {}
        for row, document, passage in block:
            yield known.get(row) or PassageTerms.of(passage.text, f"{document.title} {passage.section}")
        progress.advance(len(block))


def _window_counts(documents: _Documents, passages: int, reuse: Reuse | None) -> NDArray[np.int64]:
    """How many windows each passage has, (passages,) int64."""
    counts = np.zeros(passages, np.int64)
    for row, _, passage in _entries(documents):
        if reuse is None or reuse.dense is None or reuse.is_new(row):
            counts[row] = len(split_windows(passage.text))
    if reuse and reuse.dense:
        known = np.flatnonzero(reuse.rows >= 0)
        counts[known] = reuse.dense.counts(reuse.rows[known])
    return counts


def _sentence_ends(documents: _Documents, reuse: Reuse | None) -> Iterator[NDArray[np.uint32]]:
    """Behind which word each sentence of each passage ends."""
    for row, _, passage in _entries(documents):
        known = None if reuse is None or reuse.is_new(row) else reuse.sentence_ends(row)
        yield sentence_ends(passage.text) if known is None else known


def _new_texts(documents: _Documents, reuse: Reuse | None) -> Iterator[tuple[list[str], list[str]]]:
    """What the encoder reads of what `reuse` lacks, a block of passages at a time."""
    for block in _blocks(documents, PASSAGES):
        yield _flat(_new_pieces(block, reuse)), _flat(_new_windows(block, reuse))


def _codes(documents: _Documents, reuse: Reuse | None, encoder: Encoder, cache: EmbeddingCache) -> Iterator[Codes]:
    """Each passage's token vectors, its pieces concatenated."""
    for block in _blocks(documents, _BLOCK):
        pieces = _new_pieces(block, reuse)
        fresh = cache.codes(encoder, _flat(pieces))
        for row, _, _ in block:
            if reuse and row not in pieces:
                yield reuse.codes(row)
            else:
                yield np.concatenate([next(fresh) for _ in pieces[row]])


def _vectors(
    folder: Path, documents: _Documents, reuse: Reuse | None, encoder: Encoder, cache: EmbeddingCache
) -> NDArray[np.float32]:
    """The windows' vectors, (windows, dim) float32 unit rows, passage by passage, mapped into memory."""
    with closing(VectorFile(folder, encoder.dim)) as file:
        for block in _blocks(documents, _BLOCK):
            windows = _new_windows(block, reuse)
            rows = np.array([entry.row for entry in block])
            known = np.array([row not in windows for row in rows])
            counts = np.array([len(windows.get(row, ())) for row in rows])
            if reuse and reuse.dense:
                counts[known] = reuse.dense.counts(reuse.rows[rows[known]])
            vectors = np.empty((counts.sum(), encoder.dim), np.float32)
            is_known = np.repeat(known, counts)
            cache.put_vectors(encoder, _flat(windows), vectors, np.flatnonzero(~is_known).tolist())
            if reuse and reuse.dense:
                vectors[is_known] = reuse.dense.vectors_of(reuse.rows[rows[known]])
            file.append(vectors)
        return file.read()


def _new_pieces(block: Sequence[_Entry], reuse: Reuse | None) -> dict[int, tuple[str, ...]]:
    """What the encoder reads for the token vectors of new passages, by row."""
    new = (entry for entry in block if reuse is None or reuse.is_new(entry.row))
    return {row: piece_texts(document.title, passage) for row, document, passage in new}


def _new_windows(block: Sequence[_Entry], reuse: Reuse | None) -> dict[int, tuple[str, ...]]:
    """What it reads for the vectors of passages without known ones, by row."""
    new = (entry for entry in block if reuse is None or reuse.dense is None or reuse.is_new(entry.row))
    return {row: window_texts(document.title, passage) for row, document, passage in new}


def _flat(texts: dict[int, tuple[str, ...]]) -> list[str]:
    return list(chain.from_iterable(texts.values()))


def _passages(documents: _Documents) -> Iterator[Passage]:
    return (passage for each in documents for passage in each.passages)


def _titled(documents: _Documents) -> Iterator[tuple[str, Passage]]:
    return (entry for each in documents for entry in each.titled_passages)


def _entries(documents: _Documents) -> Iterator[_Entry]:
    pairs = ((each.document, passage) for each in documents for passage in each.passages)
    return (_Entry(row, document, passage) for row, (document, passage) in enumerate(pairs))


def _blocks(documents: _Documents, size: int) -> Iterator[list[_Entry]]:
    waiting = _entries(documents)
    while block := list(islice(waiting, size)):
        yield block
