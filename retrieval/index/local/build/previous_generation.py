"""
Find the generation of an index folder with which a build is compared.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from retrieval.errors import IndexFault
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.local.generations import generation, history
from retrieval.index.local.storage.store import open_store
from retrieval.index.manifest import Manifest
from retrieval.reading.document import Document


def previous_generation(index: Path) -> PreviousGeneration | None:
    """
    The live generation, or the newest intact one if it is damaged.

    None when there is none.
    """
    try:
        folders = history.generations(index)
    except IndexFault:
        return None
    for folder in folders:
        try:
            manifest = generation.read_manifest(folder)
            generation.verify(folder, manifest)
            store = open_store(folder)
            records = tuple(store.documents())
        except IndexFault:
            continue
        store.close()
        return PreviousGeneration(
            folder.name,
            manifest,
            records,
            _corpus_root(index, manifest),
            is_live=folder == folders[0],
            full_document=partial(_full_document, folder),
        )
    return None


def _corpus_root(index: Path, manifest: Manifest) -> Path | None:
    return None if manifest.root is None else (index.resolve() / manifest.root).resolve()


def _full_document(folder: Path, doc_id: str) -> Document:
    with closing(open_store(folder)) as store:
        return store.full_document(doc_id)
