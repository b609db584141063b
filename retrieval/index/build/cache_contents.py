"""
What the embedding cache holds for the generations that are kept, and for none.

A generation's own texts and fingerprints say which vectors it needs. The rest are of models that were tried, and of
texts that are gone. Vectors of withdrawn text go with the last generation that holds it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from retrieval.errors import BuildFailed, IndexFault
from retrieval.index.build.embedding_cache import EmbeddingCache, embedding_key
from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.place import CacheContents
from retrieval.passage import Passage

_BLOBS = {"vectors": "vector", "tokens": "codes"}  # by table


class EncodedGeneration(Protocol):
    """What a generation needs of the cache; nothing where it cannot be read."""

    def fingerprints(self) -> tuple[str, ...]:
        """Of its passage vectors, then of its token vectors."""

    def digests(self) -> Iterator[str]:
        """The known digests of its documents."""

    def entries(self, *, without: AbstractSet[str] = frozenset()) -> Iterator[tuple[str, Passage]]:
        """
        Each passage, with its document's title.

        `without`: the digests of documents to leave out.
        """


def cache_contents(file: Path, kept: Sequence[EncodedGeneration]) -> CacheContents:
    """What a cache holds for the generations that are kept; IndexFault when it is damaged."""
    with _open(file, kept) as cache:
        names = [name for (name,) in cache.execute("SELECT DISTINCT model FROM needed")]
        models = {name: _bytes(cache, "IN (SELECT key FROM needed WHERE model = ?)", name) for name in names}
        return CacheContents(models, _bytes(cache, "NOT IN (SELECT key FROM needed)"))


def clean_cache(file: Path, kept: Sequence[EncodedGeneration]) -> int:
    """
    Remove the vectors that no kept generation needs; return their bytes.

    IndexFault when the cache is damaged, or the system refuses it.
    """
    with _open(file, kept) as cache:
        unneeded = _bytes(cache, "NOT IN (SELECT key FROM needed)")
        for table in _BLOBS:
            cache.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM needed)")  # noqa: S608 - no input
        cache.commit()
        cache.execute("VACUUM")
        cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return unneeded


def forget_withdrawn(file: Path, going: Sequence[EncodedGeneration], kept: Sequence[EncodedGeneration]) -> None:
    """
    Remove the vectors of text that only generations that go still hold.

    Token vectors too, and those of the models of all these generations: going back to one needs no vectors of text that
    is gone. A failure leaves them to `clean_cache`; it must not undo a build.
    """
    with suppress(OSError, sqlite3.Error, IndexFault):
        texts = _withdrawn_texts(going, kept)
        if not texts or not file.exists():
            return
        fingerprints = {each for generation in (*going, *kept) for each in generation.fingerprints()}
        keys = [(embedding_key(each, text),) for text in texts for each in fingerprints]
        with closing(sqlite3.connect(file, timeout=30)) as cache:
            cache.execute("PRAGMA secure_delete=ON")
            for table in _BLOBS:
                cache.executemany(f"DELETE FROM {table} WHERE key = ?", keys)  # noqa: S608 - no input
            cache.commit()
            cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds what was written before


def _withdrawn_texts(going: Sequence[EncodedGeneration], kept: Sequence[EncodedGeneration]) -> set[str]:
    """What the encoder read of passages that only generations that go still hold."""
    unchanged = frozenset(digest for generation in kept for digest in generation.digests())
    candidates = [entry for generation in going for entry in generation.entries(without=unchanged)]
    if not candidates:  # as after most builds: no passage is read for it
        return set()
    known = {_identity(*entry) for generation in kept for entry in generation.entries()}
    gone = [entry for entry in candidates if _identity(*entry) not in known]
    changed = {passage.doc_id for _, passage in gone}
    shared = (entry for generation in kept for entry in generation.entries() if entry[1].doc_id in changed)
    return set(_encoded(gone)).difference(_encoded(shared))  # a paragraph changed at its end keeps its first windows


def _identity(title: str, passage: Passage) -> bytes:
    """What the vectors of a passage depend on, in little room."""
    return hashlib.blake2b("\0".join((title, passage.section, passage.text)).encode(), digest_size=16).digest()


def _encoded(entries: Iterable[tuple[str, Passage]]) -> Iterator[str]:
    for entry in entries:
        yield from piece_texts(*entry)
        yield from window_texts(*entry)


@contextmanager
def _open(file: Path, kept: Sequence[EncodedGeneration]) -> Iterator[sqlite3.Connection]:
    """The cache, with a temporary table of the keys that are needed."""
    EmbeddingCache(file).close()  # makes one where it was removed
    try:
        with closing(sqlite3.connect(file, timeout=30)) as cache:
            cache.execute("CREATE TEMP TABLE needed (key BLOB PRIMARY KEY, model TEXT) WITHOUT ROWID")
            for generation in kept:
                cache.executemany("INSERT OR IGNORE INTO needed VALUES (?, ?)", _needed(generation))
            yield cache
    except sqlite3.OperationalError as error:
        raise BuildFailed(
            f"{file} keeps computed vectors, the system refused to change it ({error}): free as much space as it takes"
        ) from error


def _needed(generation: EncodedGeneration) -> Iterator[tuple[bytes, str]]:
    """The key of each vector of a generation, with its fingerprint."""
    if not (fingerprints := generation.fingerprints()):
        return
    fingerprint, token_fingerprint = fingerprints
    for entry in generation.entries():
        pieces = piece_texts(*entry)
        for text in pieces:
            yield embedding_key(token_fingerprint, text), fingerprint
        for text in (*pieces, *window_texts(*entry)):
            yield embedding_key(fingerprint, text), fingerprint


def _bytes(cache: sqlite3.Connection, condition: str, *values: str) -> int:
    sums = (
        cache.execute(f"SELECT total(length({blob})) FROM {table} WHERE key {condition}", values)  # noqa: S608 - no input
        for table, blob in _BLOBS.items()
    )
    return int(sum(row[0] for cursor in sums for row in cursor))
