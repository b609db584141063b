"""
The build: documents -> a new generation, beside the live one, paying only for text it has not seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.errors import EmptyCorpus, IndexFault, MissingIndex
from retrieval.index import abbreviations, generation
from retrieval.index.dense import DenseChannel
from retrieval.index.embedding_cache import EmbeddingCache
from retrieval.index.lexical import LexicalChannel, LexicalEntry
from retrieval.index.local import LocalIndex
from retrieval.index.store import DocumentRecord, Store, text_sha256
from retrieval.index.tokens import Codes, TokenChannel
from retrieval.index.vocabulary import Vocabulary
from retrieval.passage import Passage, split_document
from retrieval.reading.collection import collection_of
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import Document
from retrieval.window import Window, split_pieces, split_windows


class Progress(Protocol):
    """Draws what a build is doing."""

    def start(self, step: str, total: int) -> None:
        """A step of `total` units begins."""

    def advance(self, units: int) -> None:
        """So many units of the step are done."""


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did; the sources are paths relative to the corpus root."""

    generation: Path
    documents: int
    passages: int
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = field(default=())
    built: bool = True  # False when the live generation already says all this


def build(
    entries: Iterable[Document | Refusal],
    index: Path,
    encoder: Encoder,
    *,
    root: Path | None,
    model: str | None,
    progress: Progress,
    cache: Path | None = None,
    rebuild: bool = False,
) -> BuildSummary:
    """
    Brings the index folder up to date with the documents and makes the result live.

    Raises:
        EmptyCorpus: there is no document to index; the live generation stays.
        BuildInProgress: another process builds here.
    """
    if index.exists() and not index.is_dir():
        raise MissingIndex(f"an index is a folder, {index} is a file: name another place with --index")
    index.mkdir(parents=True, exist_ok=True)
    with generation.building(index):
        documents, refused = _sorted_out(entries)
        summary = _compared(documents, refused, index, encoder, root, rebuild=rebuild)
        if not summary.built:
            return summary
        with EmbeddingCache(cache or index / "embeddings.sqlite") as vectors:
            final = _write(documents, index, encoder, vectors, root=root, model=model, progress=progress)
        generation.publish(index, final)
        return replace(summary, generation=final)


def relative_root(index: Path, root: Path | None) -> str | None:
    """The corpus as the manifest names it: index and corpus may be moved together."""
    return None if root is None else os.path.relpath(root.resolve(), index.resolve())


def _sorted_out(entries: Iterable[Document | Refusal]) -> tuple[list[Document], tuple[Refusal, ...]]:
    documents: list[Document] = []
    refused: list[Refusal] = []
    for entry in entries:
        if isinstance(entry, Refusal):
            refused.append(entry)
        else:
            documents.append(entry)
    if not any(split_document(document) for document in documents):
        reason = f"; the first refused is {refused[0].source}: {refused[0].reason}" if refused else ""
        raise EmptyCorpus(
            f"an index needs at least one readable document, found none and {len(refused)} refused files{reason}"
        )
    return documents, tuple(refused)


def _compared(
    documents: list[Document],
    refused: tuple[Refusal, ...],
    index: Path,
    encoder: Encoder,
    root: Path | None,
    *,
    rebuild: bool,
) -> BuildSummary:
    """The summary against the live generation; not built when that one is already right."""
    before, live, same_kind = _live(index, encoder, root)
    after = {document.doc_id: _identity(document, text_sha256(document.text)) for document in documents}
    new = tuple(name for name in after if name not in before)
    changed = tuple(name for name in after if name in before and before[name] != after[name])
    unchanged = tuple(name for name in after if before.get(name) == after[name])
    removed = tuple(name for name in before if name not in after)
    return BuildSummary(
        generation=live,
        documents=len(documents),
        passages=sum(len(split_document(document)) for document in documents),
        new=new,
        changed=changed,
        unchanged=unchanged,
        removed=removed,
        refused=refused,
        built=rebuild or not same_kind or bool(new or changed or removed),
    )


def _live(index: Path, encoder: Encoder, root: Path | None) -> tuple[dict[str, tuple[object, ...]], Path, bool]:
    """What the live generation holds, where it is, and whether it was made as this build would be."""
    try:
        live = generation.current(index)
        manifest = generation.read_manifest(live)
        generation.verify(live, manifest)
        store = Store(live / "store.sqlite")
    except IndexFault:
        return {}, index, False
    known = {record.doc_id: _identity(record, record.text_sha256) for record in store.documents()}
    store.close()
    same_vectors = (encoder.fingerprint, encoder.token_fingerprint) == (
        manifest.fingerprint,
        manifest.token_fingerprint,
    )
    same = same_vectors and manifest.root == relative_root(index, root)
    return known, live, same


def _identity(document: Document | DocumentRecord, text: str) -> tuple[object, ...]:
    """What makes a document another one: its bytes, the text read from them (by its hash), or the metadata."""
    names = ("sha256", "title", "publisher", "author", "published")
    return (text, *(getattr(document, name) for name in names))


def _write(
    documents: list[Document],
    index: Path,
    encoder: Encoder,
    vectors: EmbeddingCache,
    *,
    root: Path | None,
    model: str | None,
    progress: Progress,
) -> Path:
    created = datetime.now(UTC)
    folder = generation.new_folder(index, f"{created:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}")
    titled = [(document, passage) for document in documents for passage in split_document(document)]
    passages = [passage for _, passage in titled]
    Store.write(folder, documents, passages)
    Vocabulary.write(folder, _vocabulary_texts(documents, passages))
    abbreviations.write(folder, (passage.text for passage in passages))
    progress.start("lexical", len(passages))
    LexicalChannel.write(folder, _counted(_lexical_entries(titled), progress))
    windows = [(row, window) for row, passage in enumerate(passages) for window in split_windows(passage.text)]
    texts = [window_text(titled[row][0].title, titled[row][1], window) for row, window in windows]
    progress.start("dense", len(texts))
    matrix = vectors.encode_passages(encoder, texts, progress.advance)
    owners = np.array([row for row, _ in windows], dtype=np.int32)
    plan = DenseChannel.write(folder, matrix, owners, questions=lambda: own_words(texts, encoder))
    TokenChannel.write(folder, _tokens(titled, encoder, vectors, progress))
    manifest = generation.Manifest(
        created=created.isoformat(timespec="seconds"),
        model=model,
        precision=encoder.precision,
        fingerprint=encoder.fingerprint,
        token_fingerprint=encoder.token_fingerprint,
        root=relative_root(index, root),
        documents=len(documents),
        passages=len(passages),
        windows=len(windows),
        files=generation.checksums(folder),
        search=plan,
    )
    sealed = generation.seal(folder, manifest)
    LocalIndex.open(sealed).check(max(passages[:100], key=lambda passage: len(passage.text)), matrix)
    return sealed


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


def _vocabulary_texts(documents: list[Document], passages: list[Passage]) -> Iterable[tuple[str, str]]:
    yield from ((collection_of(document.doc_id), document.title) for document in documents)
    yield from ((collection_of(passage.doc_id), passage.text) for passage in passages)


def _lexical_entries(titled: list[tuple[Document, Passage]]) -> Iterable[LexicalEntry]:
    for row, (document, passage) in enumerate(titled):
        yield LexicalEntry(row=row, text=passage.text, title=f"{document.title} {passage.section}")


def _counted(entries: Iterable[LexicalEntry], progress: Progress) -> Iterable[LexicalEntry]:
    for entry in entries:
        yield entry
        progress.advance(1)
