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

from retrieval.errors import BuildFailed, IndexFault
from retrieval.index.build.embedding_cache import EmbeddingCache, embedding_key
from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.local.generations.generation import build_lock, live_folder, read_manifest
from retrieval.index.local.generations.history import generations
from retrieval.index.local.storage.store import open_store
from retrieval.index.place import CacheContents
from retrieval.passage import Passage

_BLOBS = {"vectors": "vector", "tokens": "codes"}  # by table


def cache_contents(index: Path) -> CacheContents:
    """
    What the cache of an index holds.

    Raises:
        IndexFault: there is no index, or the cache is damaged.
    """
    with _open(index) as cache:
        names = [name for (name,) in cache.execute("SELECT DISTINCT model FROM needed")]
        models = {name: _bytes(cache, "IN (SELECT key FROM needed WHERE model = ?)", name) for name in names}
        return CacheContents(models, _bytes(cache, "NOT IN (SELECT key FROM needed)"))


def clean_cache(index: Path) -> int:
    """
    Remove the vectors that no kept generation needs; return their bytes.

    Raises:
        IndexFault: there is no index, another process builds in it, or the system refuses it.
    """
    live_folder(index)  # raises before `build_lock` would create the folder
    with build_lock(index), _open(index) as cache:
        unneeded = _bytes(cache, "NOT IN (SELECT key FROM needed)")
        for table in _BLOBS:
            cache.execute(f"DELETE FROM {table} WHERE key NOT IN (SELECT key FROM needed)")  # noqa: S608 - no input
        cache.commit()
        cache.execute("VACUUM")
        cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return unneeded


def forget_withdrawn(file: Path, going: Sequence[Path], kept: Sequence[Path]) -> None:
    """
    Remove the vectors of text that only generations that go still hold.

    Token vectors too, and those of the models of all these generations: going back to one needs no vectors of text that
    is gone. A failure leaves them to `clean_cache`; it must not undo a build.
    """
    with suppress(OSError, sqlite3.Error, IndexFault):
        texts = _withdrawn_texts(going, kept)
        if not texts or not file.exists():
            return
        fingerprints = {each for folder in (*going, *kept) for each in _fingerprints(folder)}
        keys = [(embedding_key(each, text),) for text in texts for each in fingerprints]
        with closing(sqlite3.connect(file, timeout=30)) as cache:
            cache.execute("PRAGMA secure_delete=ON")
            for table in _BLOBS:
                cache.executemany(f"DELETE FROM {table} WHERE key = ?", keys)  # noqa: S608 - no input
            cache.commit()
            cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds what was written before


def _withdrawn_texts(going: Sequence[Path], kept: Sequence[Path]) -> set[str]:
    """What the encoder read of passages that only generations that go still hold."""
    unchanged = frozenset(digest for folder in kept for digest in _digests(folder))
    candidates = [entry for folder in going for entry in _entries(folder, without=unchanged)]
    if not candidates:  # as after most builds: no passage is read for it
        return set()
    known = {_identity(*entry) for folder in kept for entry in _entries(folder)}
    gone = [entry for entry in candidates if _identity(*entry) not in known]
    changed = {passage.doc_id for _, passage in gone}
    shared = (entry for folder in kept for entry in _entries(folder) if entry[1].doc_id in changed)
    return set(_encoded(gone)).difference(_encoded(shared))  # a paragraph changed at its end keeps its first windows


def _digests(folder: Path) -> Iterator[str]:
    """The known digests of the documents of a readable generation."""
    with suppress(IndexFault), closing(open_store(folder)) as store:
        yield from (record.digest for record in store.documents() if record.digest)


def _entries(folder: Path, *, without: AbstractSet[str] = frozenset()) -> Iterator[tuple[str, Passage]]:
    """
    Each passage of a readable generation, with its document's title.

    `without`: the digests of documents to leave out.
    """
    with suppress(IndexFault), closing(open_store(folder)) as store:
        for record in store.documents():
            if record.digest not in without:
                for passage in store.passages_of(record.doc_id):
                    yield record.title, passage


def _identity(title: str, passage: Passage) -> bytes:
    """What the vectors of a passage depend on, in little room."""
    return hashlib.blake2b("\0".join((title, passage.section, passage.text)).encode(), digest_size=16).digest()


def _encoded(entries: Iterable[tuple[str, Passage]]) -> Iterator[str]:
    for entry in entries:
        yield from piece_texts(*entry)
        yield from window_texts(*entry)


def _fingerprints(folder: Path) -> Iterator[str]:
    with suppress(IndexFault):
        manifest = read_manifest(folder)
        yield from (manifest.fingerprint, manifest.token_fingerprint)


@contextmanager
def _open(index: Path) -> Iterator[sqlite3.Connection]:
    """The cache, with a temporary table of the keys that are needed."""
    file = index / "embeddings.sqlite"
    folders = generations(index)
    EmbeddingCache(file).close()  # makes one where it was removed
    try:
        with closing(sqlite3.connect(file, timeout=30)) as cache:
            cache.execute("CREATE TEMP TABLE needed (key BLOB PRIMARY KEY, model TEXT) WITHOUT ROWID")
            for folder in folders:
                cache.executemany("INSERT OR IGNORE INTO needed VALUES (?, ?)", _needed(folder))
            yield cache
    except sqlite3.OperationalError as error:
        raise BuildFailed(
            f"{file} keeps computed vectors, the system refused to change it ({error}): free as much space as it takes"
        ) from error


def _needed(folder: Path) -> Iterator[tuple[bytes, str]]:
    """The key of each vector of a readable generation, with its fingerprint."""
    with suppress(IndexFault):
        manifest = read_manifest(folder)
        for entry in _entries(folder):
            pieces = piece_texts(*entry)
            for text in pieces:
                yield embedding_key(manifest.token_fingerprint, text), manifest.fingerprint
            for text in (*pieces, *window_texts(*entry)):
                yield embedding_key(manifest.fingerprint, text), manifest.fingerprint


def _bytes(cache: sqlite3.Connection, condition: str, *values: str) -> int:
    sums = (
        cache.execute(f"SELECT total(length({blob})) FROM {table} WHERE key {condition}", values)  # noqa: S608 - no input
        for table, blob in _BLOBS.items()
    )
    return int(sum(row[0] for cursor in sums for row in cursor))
