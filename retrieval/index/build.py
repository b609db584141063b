"""
The build: documents -> a new generation, beside the live one, paying only for text it has not seen.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.errors import BuildFailed, EmptyCorpus, MissingIndex
from retrieval.index import abbreviations, generation, lineage
from retrieval.index.before import Before, before
from retrieval.index.dense import DenseChannel
from retrieval.index.embedding_cache import EmbeddingCache
from retrieval.index.identity import with_kept_ids
from retrieval.index.kept import kept_versions
from retrieval.index.lexical import LexicalChannel, LexicalEntry
from retrieval.index.local import LocalIndex
from retrieval.index.search_plan import SearchPlan
from retrieval.index.settings import read_settings
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
    renamed: tuple[str, ...] = ()  # under their new names; their ids are those of before
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = field(default=())
    kept: tuple[str, ...] = ()  # refused now, and in the index as they were last read
    built: bool = True  # False when the live generation already says all this

    @property
    def differs(self) -> bool:
        """Whether any document is not as it was."""
        return bool(self.new or self.changed or self.renamed or self.removed)


@dataclass(frozen=True, slots=True)
class _Written:
    """What a generation was written from."""

    documents: int
    passages: list[Passage]
    vectors: NDArray[np.float32]  # (windows, dim), unit rows
    plan: SearchPlan

    @property
    def probe(self) -> Passage:
        """A passage with many words, by which the new index is tried."""
        return max(self.passages[:100], key=lambda passage: len(passage.text))


def build(  # noqa: PLR0913 - what to index, where, how, and who looks on
    entries: Iterable[Document | Refusal],
    index: Path,
    encoder: Encoder,
    *,
    root: Path | None,
    model: str | None,
    progress: Progress,
    cache: Path | None = None,
    rebuild: bool = False,
    admit: Callable[[Path], None] = lambda _: None,
) -> BuildSummary:
    """
    Brings the index folder up to date with the documents and makes the result live.

    `admit` is shown the new generation before it goes live, and raises what it has against it.

    Raises:
        EmptyCorpus: there is no document to index; the live generation stays.
        BuildInProgress: another process builds here.
        BuildFailed: the disk is full, or something may not be written; the live generation stays.
    """
    if index.exists() and not index.is_dir():
        raise MissingIndex(f"an index is a folder, {index} is a file: name another place with --index")
    with _explained(index):
        index.mkdir(parents=True, exist_ok=True)
        with generation.building(index):
            keep, was = read_settings(index).keep, before(index)
            documents, refused, kept = _sorted_out(entries, was, root)
            documents = with_kept_ids(documents, was.records if was else ())
            summary = replace(_compared(documents, refused, was), kept=kept)
            if was and was.is_live and not (rebuild or summary.differs) and _same_kind(was, index, encoder, root):
                return replace(summary, built=False)
            with generation.new_folder(index) as folder:
                with EmbeddingCache(cache or index / "embeddings.sqlite") as vectors:
                    written = _write(folder, documents, encoder, vectors, progress)
                previous, place = was.folder.name if was else None, relative_root(index, root)
                generation.seal(folder, _manifest(folder, written, encoder, model, root=place, previous=previous))
                LocalIndex.open(folder).check(written.probe, written.vectors)
                admit(folder)
                live = generation.publish(index, folder)
            lineage.prune(index, keep)
            return replace(summary, generation=live)


def relative_root(index: Path, root: Path | None) -> str | None:
    """The corpus as the manifest names it: index and corpus may be moved together."""
    return None if root is None else os.path.relpath(root.resolve(), index.resolve())


def _sorted_out(
    entries: Iterable[Document | Refusal], was: Before | None, root: Path | None
) -> tuple[list[Document], tuple[Refusal, ...], tuple[str, ...]]:
    """The documents, what was refused, and the sources of those documents that are kept versions of refused files."""
    documents: list[Document] = []
    refused: list[Refusal] = []
    for entry in entries:
        if isinstance(entry, Refusal):
            refused.append(entry)
        else:
            documents.append(entry)
    kept = kept_versions(was, root, refused)
    documents += kept
    if not any(split_document(document) for document in documents):
        reason = f"; the first refused is {refused[0].source}: {refused[0].reason}" if refused else ""
        raise EmptyCorpus(
            f"an index needs at least one readable document, found none and {len(refused)} refused files{reason}"
        )
    return documents, tuple(refused), tuple(document.source for document in kept)


def _compared(documents: list[Document], refused: tuple[Refusal, ...], was: Before | None) -> BuildSummary:
    """The summary against the generation of before."""
    known = {record.doc_id: record for record in was.records} if was else {}
    new, changed, renamed, unchanged = [], [], [], []
    for document in documents:
        record = known.pop(document.doc_id, None)
        if record is None:
            new.append(document.source)
        elif record.source != document.source:
            renamed.append(document.source)
        elif _identity(record, record.text_sha256) != _identity(document, text_sha256(document.text)):
            changed.append(document.source)
        else:
            unchanged.append(document.source)
    return BuildSummary(
        generation=was.folder if was else Path(),
        documents=len(documents),
        passages=sum(len(split_document(document)) for document in documents),
        new=tuple(new),
        changed=tuple(changed),
        renamed=tuple(renamed),
        unchanged=tuple(unchanged),
        removed=tuple(record.source for record in known.values()),
        refused=refused,
    )


def _same_kind(was: Before, index: Path, encoder: Encoder, root: Path | None) -> bool:
    """Whether the generation of before was made as this one would be."""
    made = (was.manifest.fingerprint, was.manifest.token_fingerprint, was.manifest.root)
    return made == (encoder.fingerprint, encoder.token_fingerprint, relative_root(index, root))


@contextmanager
def _explained(index: Path) -> Iterator[None]:
    """What the system refuses a build, as one BuildFailed that says what becomes of the index."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        left = "the index of before answers on" if (index / "CURRENT").exists() else "there is no index yet"
        raise BuildFailed(
            f"a build must be able to write in {index}, the system refused this one ({reason}) and {left}: "
            "free space or correct the rights, and index again"
        ) from error


def _identity(document: Document | DocumentRecord, text: str) -> tuple[object, ...]:
    """What makes a document another one: its bytes, the text read from them (by its hash), or the metadata."""
    names = ("sha256", "title", "publisher", "author", "published", "kept")
    return (text, *(getattr(document, name) for name in names))


def _write(
    folder: Path, documents: list[Document], encoder: Encoder, vectors: EmbeddingCache, progress: Progress
) -> _Written:
    titled = [(document, passage) for document in documents for passage in split_document(document)]
    passages = [passage for _, passage in titled]
    Store.write(folder, documents, passages)
    Vocabulary.write(folder, _vocabulary_texts(documents, passages))
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
    return _Written(len(documents), passages, matrix, plan)


def _manifest(
    folder: Path, written: _Written, encoder: Encoder, model: str | None, *, root: str | None, previous: str | None
) -> generation.Manifest:
    return generation.Manifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        model=model,
        precision=encoder.precision,
        fingerprint=encoder.fingerprint,
        token_fingerprint=encoder.token_fingerprint,
        root=root,
        documents=written.documents,
        passages=len(written.passages),
        windows=len(written.vectors),
        files=generation.checksums(folder),
        search=written.plan,
        previous=previous,
    )


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
