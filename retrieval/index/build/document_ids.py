"""
Which id each document has: the one that it had, also when its file has another name now.

Ids are what old messages, ratings and bookmarks hold. The reader names a document by its path; here its history
counts. A document keeps its id only inside its collection, since that is told from the id, and with it who may see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retrieval.index.storage.store import DocumentRecord
from retrieval.reading.collection import collection_of
from retrieval.reading.document import Document

_Content = tuple[str, str, str]


def assign_ids(documents: Sequence[Document], previous: Sequence[DocumentRecord]) -> list[Document]:
    """
    The documents under their lasting ids.

    A path that was known keeps its id, whatever the file says now. A file at a new path is a known one, renamed, when
    it has the bytes of one whose path is gone, in the same collection, and no other of either kind has them. What is
    really new is named by its path, with a number behind it where a renamed document holds that id: "a.txt~2".
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
    return [replace(document, doc_id=ids[document.source]) for document in documents]


def _unique_by_content(files: Iterable[Document | DocumentRecord]) -> dict[_Content, Document | DocumentRecord]:
    """By their content, those that share it with no other."""
    named = [(_content(file), file) for file in files]
    counts = Counter(content for content, _ in named)
    return {content: file for content, file in named if counts[content] == 1}


def _content(file: Document | DocumentRecord) -> _Content:
    """The collection, the bytes, and for a document in an archive, whose bytes are the archive's, its name in there."""
    inner = file.source.removeprefix(f"{file.archive}/") if file.archive else ""
    return collection_of(file.source), file.sha256, inner


def _free_id(path: str, taken: set[str]) -> str:
    """The path itself, or the first of "path~2", "path~3" … that no document holds."""
    name, number = path, 1
    while name in taken:
        number += 1
        name = f"{path}~{number}"
    return name
