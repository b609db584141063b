"""
Retained documents: the last good versions of files that a build can no longer read.

A file that is half saved, locked or damaged must not remove its paragraphs from the answers. They stay, quoted from the
stored text with a remark, for as long as the file is in the state in which the build found it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from retrieval.reading.administrative.secrecy_mark import secrecy_mark
from retrieval.reading.collection import collection_of
from retrieval.reading.files.file_state import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.index.build.previous_generation import PreviousGeneration
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.reading.corpus import Refusal
    from retrieval.reading.document import Document


def retained_documents(
    previous: PreviousGeneration | None,
    root: Path | None,
    refused: Sequence[Refusal],
    secret_collections: frozenset[str] = frozenset(),
) -> list[Document]:
    """
    The previous generation's documents whose files were refused but still exist.

    Empty when it was built from another folder, where the same name means another file. Documents with a mark of
    secrecy stay only in the collections that were opened for them: an older program may have indexed them.
    """
    sources = {refusal.source for refusal in refused if not refusal.secrecy}
    if previous is None or root is None or not sources or previous.root != root.resolve():
        return []
    records = [record for record in previous.records if _was_refused(record, sources)]
    return [
        document
        for record in records
        if (document := _retained(previous.full_document(record.doc_id), root / record.file))
        and (collection_of(document.source) in secret_collections or not _bears_mark(document))
    ]


def _was_refused(record: DocumentRecord, sources: set[str]) -> bool:
    """Whether a document, its archive or a folder above it was refused."""
    above = (parent.as_posix() for parent in PurePosixPath(record.source).parents)
    return record.source in sources or not sources.isdisjoint(above)


def _retained(document: Document, path: Path) -> Document | None:
    """
    The document with its file's state, "" when the bytes are unchanged.

    None when the file is gone.
    """
    state = state_of(path)
    return replace(document, kept="" if state == document.sha256 else state) if state else None


def _bears_mark(document: Document) -> bool:
    return bool(secrecy_mark(document.text, document.blocks, document.origin))
