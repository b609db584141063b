"""
Collect a build's documents under their permanent ids, split into passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import EmptyCorpus
from retrieval.index.build.content_digest import content_digest
from retrieval.index.build.document_ids import assign_ids
from retrieval.index.build.previous_generation import PreviousGeneration
from retrieval.index.build.retained_documents import retained_documents
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage, split_document
from retrieval.reading.collection import collection_of
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import Document


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document, its passages, and its content digest."""

    document: Document
    passages: tuple[Passage, ...]
    digest: str

    def vocabulary_texts(self) -> Iterator[tuple[str, str]]:
        """The texts that the vocabulary counts, each with its collection."""
        collection = collection_of(self.document.doc_id)
        yield collection, self.document.title
        yield from ((collection, passage.text) for passage in self.passages)


@dataclass(frozen=True, slots=True)
class BuildInput:
    """The documents that go into a generation, and the files that were refused."""

    documents: tuple[SplitDocument, ...]
    refused: tuple[Refusal, ...]
    retained: tuple[str, ...]  # sources that were refused but are among the documents as last read

    def withdraws_secret_of(self, previous: PreviousGeneration | None) -> bool:
        """Whether a document of the previous generation is refused now for its mark of secrecy."""
        marked = {refusal.source for refusal in self.refused if refusal.secrecy}
        return previous is not None and any(record.source in marked for record in previous.records)


def collect_documents(
    entries: Iterable[Document | Refusal],
    previous: PreviousGeneration | None,
    root: Path | None,
    secret_collections: frozenset[str] = frozenset(),
    known: Sequence[DocumentRecord] = (),
) -> BuildInput:
    """
    Collect all documents, including the retained versions of refused files.

    `known`: whose ids documents keep where there is no previous generation.

    Raises:
        EmptyCorpus: no document among them has a passage.
    """
    documents: list[Document] = []
    refused: list[Refusal] = []
    for entry in entries:
        if isinstance(entry, Refusal):
            refused.append(entry)
        else:
            documents.append(entry)
    retained = retained_documents(previous, root, refused, secret_collections)
    named = assign_ids([*documents, *retained], previous.records if previous else known)
    split = tuple(SplitDocument(document, split_document(document), content_digest(document)) for document in named)
    if not any(each.passages for each in split):
        reason = f"; the first refused is {refused[0].source}: {refused[0].reason}" if refused else ""
        raise EmptyCorpus(
            f"an index needs at least one readable document, found none and {len(refused)} refused files{reason}"
        )
    return BuildInput(split, tuple(refused), tuple(document.source for document in retained))
