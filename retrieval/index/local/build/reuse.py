"""
Reuse: what a build copies from the previous generation for unchanged documents.

It is exactly what would be computed again, since the same program computed it from the same text. A build therefore
costs as much as what has changed, without a second store that needs pruning or goes stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index.build.document_collector import DocumentEntry
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.program import program
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.lexical.sentence_files import SentenceFiles
from retrieval.index.local.storage import abbreviations
from retrieval.index.local.storage.store import Store, open_store
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.index.scoring.token_codes import Codes
from retrieval.language.abbreviation import defines
from retrieval.reading.collection import collection_of


@dataclass(frozen=True, slots=True)
class Reuse:
    """
    The reusable parts of the previous generation.

    `rows` is (passages,) int64: each new passage's row in the previous generation, -1 for a new one.
    """

    rows: NDArray[np.int64]
    folder: Path
    same: frozenset[str]  # ids of the unchanged documents
    gone: tuple[tuple[str, str], ...]  # (collection, text) pairs that are not in the new generation
    lexical: LexicalChannel
    sentences: SentenceFiles | None
    tokens: TokenChannel
    dense: DenseChannel | None  # None unless it holds float32 vectors: then the cache provides them

    def is_new(self, row: int) -> bool:
        """Whether a passage was not in the previous generation."""
        return bool(self.rows[row] < 0)

    def terms(self, rows: Sequence[int]) -> dict[int, PassageTerms]:
        """The terms of those of the passages that are not new, by row."""
        new_rows = {int(self.rows[row]): row for row in rows if self.rows[row] >= 0}
        if not new_rows:
            return {}
        return {new_rows[old]: terms for old, terms in self.lexical.stored_terms(list(new_rows)).items()}

    def sentence_ends(self, row: int) -> NDArray[np.uint32] | None:
        """The ends of an unchanged passage's sentences, None if they are not stored."""
        return self.sentences.ends_of(int(self.rows[row])) if self.sentences else None

    def codes(self, row: int) -> Codes:
        """The token vectors of a passage that is not new."""
        return self.tokens.codes_of(int(self.rows[row]))

    def defining(self) -> Callable[[int, str], bool]:
        """
        What tells of a row and its text whether it defines abbreviations.

        Only the texts of new passages are searched.
        """
        known = set(abbreviations.defining_rows(self.folder).tolist())
        return lambda row, text: defines(text) if self.is_new(row) else int(self.rows[row]) in known


def find_reuse(
    documents: Sequence[DocumentEntry], previous: PreviousGeneration | None, encoder: Encoder, generations: Path
) -> Reuse | None:
    """
    What a build can reuse of the previous one of these generations.

    None when another program or encoder computed it, or when it is less than half.

    Below half, computing everything again is as fast.
    """
    if previous is None or not _is_compatible(previous, encoder):
        return None
    known = {record.doc_id: record.digest for record in previous.records}
    same = {each.doc_id for each in documents if known.get(each.doc_id) == each.digest}
    if 2 * len(same) < max(len(documents), len(known)):
        return None
    folder = generations / previous.name
    with closing(open_store(folder)) as store:
        gone = tuple(_texts_of(store, known.keys() - same))
        rows = _rows(documents, same, store.first_rows())
    channel = DenseChannel.open(folder, previous.manifest.search)
    return Reuse(
        rows,
        folder,
        frozenset(same),
        gone,
        LexicalChannel.open(folder),
        SentenceFiles.open(folder),
        TokenChannel.open(folder),
        channel if channel.is_full else None,
    )


def _is_compatible(previous: PreviousGeneration, encoder: Encoder) -> bool:
    fingerprints = (previous.manifest.program, previous.manifest.fingerprint, previous.manifest.token_fingerprint)
    return fingerprints == (program(), encoder.fingerprint, encoder.token_fingerprint)


def _rows(documents: Sequence[DocumentEntry], same: set[str], first: dict[str, int]) -> NDArray[np.int64]:
    return np.concatenate(
        [
            first[each.doc_id] + np.arange(each.passages)
            if each.doc_id in same and each.passages
            else np.full(each.passages, -1)
            for each in documents
        ]
    ).astype(np.int64)


def _texts_of(store: Store, doc_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The (collection, text) pairs that the vocabulary counted of these documents."""
    for doc_id in sorted(doc_ids):
        collection = collection_of(doc_id)
        yield collection, store.document(doc_id).title
        yield from ((collection, passage.text) for passage in store.passages_of(doc_id))
