"""
The previous generation: the newest intact one, with which a build is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embeddings import Encoder
from retrieval.errors import IndexFault
from retrieval.index.local.generations import generation, history
from retrieval.index.local.storage.store import open_store
from retrieval.index.manifest import Manifest
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.scoring.model_scale import Background


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """An intact generation, its manifest and its document records."""

    folder: Path
    manifest: Manifest
    records: tuple[DocumentRecord, ...]
    is_live: bool  # False when the live one is damaged and this is an earlier one

    def background_of(self, encoder: Encoder) -> Background | None:
        """What it measured of this encoder's similarities, None if it was built with another one."""
        return self.manifest.background if self.manifest.token_fingerprint == encoder.token_fingerprint else None

    @property
    def root(self) -> Path | None:
        """The corpus folder; None when it was not built from files."""
        root, index = self.manifest.root, self.folder.parents[1]
        return None if root is None else (index.resolve() / root).resolve()


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
        return PreviousGeneration(folder, manifest, records, is_live=folder == folders[0])
    return None
