"""
Document ids that survive the renaming of a file.

Old messages, ratings and bookmarks refer to documents by id. A reader names a document by its path; here it gets the id
that it had before. It keeps that only inside its collection, because the id tells the collection, and with it who may
see the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from retrieval.index.records.document_record import DocumentRecord
from retrieval.reading.collection import collection_of

_Content = tuple[str, str, str]


class SourceFile(NamedTuple):
    """What a document's id depends on; see `Document`."""

    source: str
    sha256: str
    archive: str


_File = TypeVar("_File", SourceFile, DocumentRecord)


def assign_ids(documents: Sequence[SourceFile], previous: Sequence[DocumentRecord]) -> dict[str, str]:
    """
    The permanent id of each document, by its source.

    A known path keeps its id, whatever the file now holds. A file at a new path counts as renamed when its bytes are
    those of exactly one missing file of the same collection, and no other new file has them. Anything else is named by
    its path, with a number appended where a renamed document holds that id: "a.txt~2".
    """
    paths = {document.source for document in documents}
    known = {r.source: r.doc_id for r in previous if collection_of(r.doc_id) == collection_of(r.source)}
    gone = _unique_by_content(r for r in previous if r.source in known and r.source not in paths)
    new = _unique_by_content(document for document in documents if document.source not in known)
    ids = {path: known[path] for path in paths if path in known}
    ids |= {new[content].source: known[gone[content].source] for content in new.keys() & gone.keys()}
    taken = set(ids.values())
    for document in documents:
        if document.source not in ids:
            ids[document.source] = _free_id(document.source, taken)
            taken.add(ids[document.source])
    return ids


def _unique_by_content(files: Iterable[_File]) -> dict[_Content, _File]:
    """The files whose content no other file shares, by content."""
    named = [(_content(file), file) for file in files]
    counts = Counter(content for content, _ in named)
    return {content: file for content, file in named if counts[content] == 1}


def _content(file: SourceFile | DocumentRecord) -> _Content:
    """The collection, the sha256, and the name inside an archive, whose members share its sha256."""
    inner = file.source.removeprefix(f"{file.archive}/") if file.archive else ""
    return collection_of(file.source), file.sha256, inner


def _free_id(path: str, taken: set[str]) -> str:
    """The path, or the first of "path~2", "path~3" … that is free."""
    name, number = path, 1
    while name in taken:
        number += 1
        name = f"{path}~{number}"
    return name
