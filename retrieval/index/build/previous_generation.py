"""
The previous generation: the newest intact one, with which a build is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings import Encoder
from retrieval.index.manifest import Manifest
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.scoring.model_scale import Background
from retrieval.reading.document import Document


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """
    An intact generation, its manifest and its document records.

    Args:
        root: the corpus folder; None when it was not built from files.
        is_live: False when the live one is damaged and this is an earlier one.
        full_document: reads a document by its id, as it was read.
    """

    name: str
    manifest: Manifest
    records: tuple[DocumentRecord, ...]
    root: Path | None
    is_live: bool
    full_document: Callable[[str], Document]

    def is_of(self, encoder: Encoder, root: str | None, *, other_model: bool) -> bool:
        """
        Whether it is live, and was made with this encoder from this corpus folder.

        Args:
            root: the folder as a manifest names it.
            other_model: than the bundled one as it is; older generations lack what is measured of such a model.
        """
        manifest = self.manifest
        return (
            self.is_live
            and (manifest.fingerprint, manifest.token_fingerprint, manifest.root)
            == (encoder.fingerprint, encoder.token_fingerprint, root)
            and (manifest.background is not None or not other_model)
        )

    def background_of(self, encoder: Encoder) -> Background | None:
        """What it measured of this encoder's similarities, None if it was built with another one."""
        return self.manifest.background if self.manifest.token_fingerprint == encoder.token_fingerprint else None
