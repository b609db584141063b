"""
What the embedding cache holds for the generations that are kept, and for none.

A generation's own texts and fingerprints say which vectors it needs. The rest are of models that were tried, and of
texts that are gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BuildFailed, IndexFault
from retrieval.index.build.embedding_cache import EmbeddingCache, embedding_key
from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.generations.generation import build_lock, live_folder, read_manifest
from retrieval.index.generations.history import generations
from retrieval.index.storage.store import open_store

_BLOBS = {"vectors": "vector", "tokens": "codes"}  # by table


@dataclass(frozen=True, slots=True)
class CacheContents:
    """
    Bytes of vectors.

    `models` has those that kept generations need, by fingerprint; `unneeded` counts the others.
    """

    models: dict[str, int]
    unneeded: int


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
        with closing(open_store(folder)) as store:
            for record in store.documents():
                for passage in store.passages_of(record.doc_id):
                    pieces = piece_texts(record.title, passage)
                    for text in pieces:
                        yield embedding_key(manifest.token_fingerprint, text), manifest.fingerprint
                    for text in (*pieces, *window_texts(record.title, passage)):
                        yield embedding_key(manifest.fingerprint, text), manifest.fingerprint


def _bytes(cache: sqlite3.Connection, condition: str, *values: str) -> int:
    sums = (
        cache.execute(f"SELECT total(length({blob})) FROM {table} WHERE key {condition}", values)  # noqa: S608 - no input
        for table, blob in _BLOBS.items()
    )
    return int(sum(row[0] for cursor in sums for row in cursor))
