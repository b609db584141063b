"""
Bring the rows of a space in line with the documents of a build.

Rows that the newest generation has and the build needs stay; the rest is copied in blocks, each one transaction, so
that a build that breaks off loses one block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Final, LiteralString

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from retrieval.index.build.document_collector import BuildInput, DocumentEntry, SplitDocument
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encode_blocks import PASSAGES, Texts, encode_blocks
from retrieval.index.build.encoder_input import encoded_texts
from retrieval.index.build.progress import Progress
from retrieval.index.postgres.build.build_space import BuildSpace
from retrieval.index.postgres.build.document_rows import NumberedDocument, document_rows
from retrieval.index.postgres.schema import LEXICAL_INDEXES, NEVER, SWEEP

_BLOCK: Final = 200  # documents in a transaction
# What a build that broke off marked is marked anew.
_MARKED: Final[LiteralString] = "SELECT id FROM {space}.documents WHERE died = %(number)s"
_MARK: Final[LiteralString] = "UPDATE {space}.{table} SET died = %(died)s WHERE {own}"
_OPEN: Final[LiteralString] = (
    "SELECT id, born, doc_id, source, archive, digest FROM {space}.documents WHERE died = %(never)s"
)
_OWN: Final[dict[str, LiteralString]] = {  # the rows of some documents
    "windows": "passage IN (SELECT id FROM {space}.passages WHERE document = ANY(%(documents)s))",
    "passages": "document = ANY(%(documents)s)",
    "documents": "id = ANY(%(documents)s)",
}
_Key = tuple[str, str, str, str]


def write_rows(
    space: BuildSpace,
    build_input: BuildInput,
    encoder: Encoder,
    cache: EmbeddingCache,
    progress: Progress,
) -> NDArray[np.int64]:
    """
    Write what the newest generation lacks, and mark what this one has no more.

    Returns (documents,) int64, the id of each document's row, in reading order.
    """
    _mark(space, [row for (row,) in space.execute(_MARKED)], NEVER)
    stored = {key: (row, born) for row, born, *names in space.execute(_OPEN) for key in [tuple(names)]}
    wanted = {_key(each): each.passages for each in build_input.entries}
    gone = [place for key, place in stored.items() if key not in wanted]
    _delete(space, [row for row, born in gone if born == space.number])
    new = _Documents(build_input.documents, wanted.keys() - stored.keys())
    encode_blocks(lambda: _texts(new), encoder, cache, progress)
    ids = {key: row for key, (row, _) in stored.items() if key in wanted}
    progress.start("lexical", sum(count for key, count in wanted.items() if key not in stored))
    for block in _blocks(_numbered(space, new)):
        _copy(space, block, encoder, cache)
        ids |= {_key(each.split.entry): each.document_id for each in block}
        progress.advance(sum(len(each.split.passages) for each in block))
    _mark(space, [row for row, born in gone if born < space.number], space.number)
    space.run(LEXICAL_INDEXES)
    for statement in (*SWEEP, "ANALYZE {space}.windows"):
        space.run(statement)
    return np.array([ids[_key(each)] for each in build_input.entries], np.int64)


@dataclass(frozen=True, slots=True)
class _Documents:
    """Those of a build's documents that have these keys, read anew each time."""

    documents: Iterable[SplitDocument]
    keys: AbstractSet[_Key]

    def __iter__(self) -> Iterator[SplitDocument]:
        return (each for each in self.documents if _key(each.entry) in self.keys)


def _key(entry: DocumentEntry) -> _Key:
    """What stands in a document's rows but its content, and the digest of that."""
    return entry.doc_id, entry.source, entry.archive, entry.digest


def _mark(space: BuildSpace, documents: Sequence[int], died: int) -> None:
    """Say from which generation on these documents are not seen any more."""
    with space.connection.transaction():
        for table, own in _OWN.items():
            text = _MARK.replace("{table}", table).replace("{own}", own)
            space.execute(text, documents=list(documents), died=died)


def _delete(space: BuildSpace, documents: Sequence[int]) -> None:
    """Delete what a build that broke off wrote of documents that have changed since."""
    with space.connection.transaction():
        for table, own in _OWN.items():
            space.execute(f"DELETE FROM {{space}}.{table} WHERE {own}", documents=list(documents))


def _texts(documents: Iterable[SplitDocument]) -> Iterator[Texts]:
    """What the encoder reads of the documents, a block of passages at a time."""
    entries = (entry for each in documents for entry in each.titled_passages)
    while block := list(islice(entries, PASSAGES)):
        yield encoded_texts(block)


def _numbered(space: BuildSpace, documents: Iterable[SplitDocument]) -> Iterator[NumberedDocument]:
    """The documents with the next free ids; nobody else takes them."""
    ((document, passage),) = space.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM {space}.documents), "
        "(SELECT coalesce(max(id), 0) FROM {space}.passages)"
    )
    for each in documents:
        document += 1
        yield NumberedDocument(each, document, passage + 1)
        passage += len(each.passages)


def _copy(space: BuildSpace, block: Sequence[NumberedDocument], encoder: Encoder, cache: EmbeddingCache) -> None:
    found = list(document_rows(block, space.number, encoder, cache))
    rows: dict[LiteralString, list[tuple[object, ...]]] = {
        "documents": [each.document for each in found],
        "passages": [row for each in found for row in each.passages],
        "windows": [row for each in found for row in each.windows],
    }
    with space.connection.transaction():
        for table, own in rows.items():
            space.copy(table, own)


def _blocks(documents: Iterator[NumberedDocument]) -> Iterator[list[NumberedDocument]]:
    while block := list(islice(documents, _BLOCK)):
        yield block
