"""
What a generation is Written from: passages, what the encoder reads of them, and its vectors.

Apart from `build`, which decides whether there is anything to write, and makes it the live generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index import abbreviations
from retrieval.index.dense import DenseChannel
from retrieval.index.embedding_cache import EmbeddingCache
from retrieval.index.intake import Divided
from retrieval.index.lexical import LexicalChannel, LexicalEntry
from retrieval.index.progress import Progress
from retrieval.index.search_plan import SearchPlan
from retrieval.index.store import Store
from retrieval.index.tokens import Codes, TokenChannel
from retrieval.index.vocabulary import Vocabulary
from retrieval.passage import Passage
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document
from retrieval.window import Window, split_pieces, split_windows


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
    folder: Path, documents: Sequence[Divided], encoder: Encoder, vectors: EmbeddingCache, progress: Progress
) -> Written:
    """Puts everything but the manifest into a generation's folder."""
    titled = [(each.document, passage) for each in documents for passage in each.passages]
    passages = [passage for _, passage in titled]
    Store.write(folder, (each.document for each in documents), passages)
    Vocabulary.write(folder, _vocabulary_texts(documents))
    abbreviations.write(folder, (passage.text for passage in passages))
    progress.start("lexical", len(passages))
    LexicalChannel.write(folder, _counted(_lexical_entries(titled), progress))
    windows = [(row, window) for row, passage in enumerate(passages) for window in split_windows(passage.text)]
    texts = [window_text(titled[row][0].title, titled[row][1], window) for row, window in windows]
    # Tokens first: a short passage's piece is also its window, and its vector comes with its tokens.
    tokens = _tokens(titled, encoder, vectors, progress)
    progress.start("dense", len(texts))
    matrix = vectors.encode_passages(encoder, texts, progress.advance)
    owners = np.array([row for row, _ in windows], dtype=np.int32)
    plan = DenseChannel.write(folder, matrix, owners, questions=lambda: own_words(texts, encoder))
    TokenChannel.write(folder, tokens)
    return Written(len(documents), passages, matrix, plan)


def own_words(texts: list[str], encoder: Encoder) -> NDArray[np.float32]:
    """Vectors such as questions have, (at most 200, dim) float32 unit rows: of a few words of windows all over."""
    chosen = texts[:: max(len(texts) // 200, 1)][:200]
    return encoder.encode_queries([" ".join(text.splitlines()[-1].split()[:12]) for text in chosen])


def window_text(title: str, passage: Passage, window: Window) -> str:
    """
    What the encoder reads of a window: the document's title, the section, and the window's words.
    """
    context = " › ".join(part for part in (title, passage.section) if part)
    words = passage.text[window.start : window.end]
    return f"{context}\n{words}" if context else words


def _tokens(
    titled: list[tuple[Document, Passage]], encoder: Encoder, vectors: EmbeddingCache, progress: Progress
) -> list[Codes]:
    """Each passage's tokens, those of its pieces one after the other."""
    pieces = [split_pieces(passage.text) for _, passage in titled]
    texts = [
        window_text(document.title, passage, piece)
        for (document, passage), own in zip(titled, pieces, strict=True)
        for piece in own
    ]
    progress.start("tokens", len(texts))
    codes = iter(vectors.encode_tokens(encoder, texts, progress.advance))
    return [np.concatenate([next(codes) for _ in own]) for own in pieces]


def _vocabulary_texts(documents: Iterable[Divided]) -> Iterable[tuple[str, str]]:
    for each in documents:
        collection = collection_of(each.document.doc_id)
        yield collection, each.document.title
        yield from ((collection, passage.text) for passage in each.passages)


def _lexical_entries(titled: list[tuple[Document, Passage]]) -> Iterable[LexicalEntry]:
    for row, (document, passage) in enumerate(titled):
        yield LexicalEntry(row=row, text=passage.text, title=f"{document.title} {passage.section}")


def _counted(entries: Iterable[LexicalEntry], progress: Progress) -> Iterable[LexicalEntry]:
    for entry in entries:
        yield entry
        progress.advance(1)
