"""
Collect a build's documents under their permanent ids, split into passages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from retrieval.errors import EmptyCorpus
from retrieval.index.build.content_digest import content_digest
from retrieval.index.build.document_ids import SourceFile, assign_ids
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.retained_documents import retained_documents
from retrieval.index.build.spool import Spool
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage, split_document
from retrieval.reading.collection import collection_of
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import Document


class DocumentEntry(NamedTuple):
    """What a build keeps in memory of each document."""

    doc_id: str
    source: str
    archive: str
    digest: str  # of its content
    passages: int


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document, its passages, and its content digest."""

    document: Document
    passages: tuple[Passage, ...]
    digest: str

    @property
    def entry(self) -> DocumentEntry:
        """What stays in memory of it."""
        document = self.document
        return DocumentEntry(document.doc_id, document.source, document.archive, self.digest, len(self.passages))

    @property
    def titled_passages(self) -> Iterator[tuple[str, Passage]]:
        """Each passage with the document's title, as the encoder reads them."""
        return ((self.document.title, passage) for passage in self.passages)

    def vocabulary_texts(self) -> Iterator[tuple[str, str]]:
        """The texts that the vocabulary counts, each with its collection."""
        collection = collection_of(self.document.doc_id)
        yield collection, self.document.title
        yield from ((collection, passage.text) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class BuildInput:
    """
    The documents that go into a generation, and the files that were refused.

    `documents` lie in a temporary file: each access reads one.
    """

    documents: Sequence[SplitDocument]
    entries: tuple[DocumentEntry, ...]  # one for each document
    refused: tuple[Refusal, ...]
    retained: tuple[str, ...]  # sources that were refused but are among the documents as last read

    @property
    def passages(self) -> int:
        """How many passages the documents have together."""
        return sum(each.passages for each in self.entries)

    def withdraws_secret_of(self, previous: PreviousGeneration | None) -> bool:
        """Whether a document of the previous generation is refused now for its mark of secrecy."""
        marked = {refusal.source for refusal in self.refused if refusal.secrecy}
        return previous is not None and any(record.source in marked for record in previous.records)


@contextmanager
def collect_documents(
    entries: Iterable[Document | Refusal],
    previous: PreviousGeneration | None,
    root: Path | None,
    secret_collections: frozenset[str] = frozenset(),
    known: Sequence[DocumentRecord] = (),
    *,
    folder: Path,
) -> Iterator[BuildInput]:
    """
    Collect all documents, including the retained versions of refused files.

    Args:
        known: whose ids documents keep where there is no previous generation.
        folder: where the documents lie meanwhile, in files without names.

    Raises:
        EmptyCorpus: no document among them has a passage.
    """
    with closing(Spool[SplitDocument](folder)) as documents:
        listed: list[DocumentEntry] = []
        with closing(Spool[Document](folder)) as read:
            files: list[SourceFile] = []

            def add(document: Document) -> None:
                read.append(document)
                files.append(SourceFile(document.source, document.sha256, document.archive))

            refused = _read_entries(entries, add)
            retained = retained_documents(previous, root, refused, secret_collections)
            for document in retained:
                add(document)
            ids = assign_ids(files, previous.records if previous else known)  # all at once
            for document in read:
                split = _split(replace(document, doc_id=ids[document.source]))
                documents.append(split)
                listed.append(split.entry)
        if not any(each.passages for each in listed):
            reason = f"; the first refused is {refused[0].source}: {refused[0].reason}" if refused else ""
            raise EmptyCorpus(
                f"an index needs at least one readable document, found none and {len(refused)} refused files{reason}"
            )
        sources = tuple(document.source for document in retained)
        yield BuildInput(documents, tuple(listed), tuple(refused), sources)


def _read_entries(entries: Iterable[Document | Refusal], add: Callable[[Document], None]) -> list[Refusal]:
    """Pass the documents on to `add`; returns the refused files."""
    refused: list[Refusal] = []
    for entry in entries:
        if isinstance(entry, Refusal):
            refused.append(entry)
        else:
            add(entry)
    return refused


def _split(document: Document) -> SplitDocument:
    return SplitDocument(document, split_document(document), content_digest(document))
