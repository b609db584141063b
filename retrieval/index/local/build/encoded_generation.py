"""
What the generations of an index folder need of its embedding cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import IndexFault
from retrieval.index.build import cache_contents as contents
from retrieval.index.local.generations.generation import build_lock, live_folder, read_manifest
from retrieval.index.local.generations.history import generations
from retrieval.index.local.storage.store import open_store
from retrieval.index.place import CacheContents
from retrieval.passage import Passage

CACHE = "embeddings.sqlite"


@dataclass(frozen=True, slots=True)
class EncodedFolder:
    """Satisfies `build.cache_contents.EncodedGeneration`."""

    folder: Path

    def fingerprints(self) -> tuple[str, ...]:
        """Of its passage vectors, then of its token vectors; none where it cannot be read."""
        try:
            manifest = read_manifest(self.folder)
        except IndexFault:
            return ()
        return manifest.fingerprint, manifest.token_fingerprint

    def digests(self) -> Iterator[str]:
        """The known digests of its documents."""
        with suppress(IndexFault), closing(open_store(self.folder)) as store:
            yield from (record.digest for record in store.documents() if record.digest)

    def entries(self, *, without: AbstractSet[str] = frozenset()) -> Iterator[tuple[str, Passage]]:
        """Each passage, with its document's title; see `EncodedGeneration.entries`."""
        with suppress(IndexFault), closing(open_store(self.folder)) as store:
            for record in store.documents():
                if record.digest not in without:
                    for passage in store.passages_of(record.doc_id):
                        yield record.title, passage


def cache_contents(index: Path) -> CacheContents:
    """
    What the cache of an index holds.

    Raises:
        IndexFault: there is no index, or the cache is damaged.
    """
    return contents.cache_contents(index / CACHE, _kept(index))


def clean_cache(index: Path) -> int:
    """
    Remove the vectors that no kept generation needs; return their bytes.

    Raises:
        IndexFault: there is no index, another process builds in it, or the system refuses it.
    """
    live_folder(index)  # raises before `build_lock` would create the folder
    with build_lock(index):
        return contents.clean_cache(index / CACHE, _kept(index))


def _kept(index: Path) -> list[EncodedFolder]:
    return [EncodedFolder(folder) for folder in generations(index)]
