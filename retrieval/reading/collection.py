"""
Collections: the first-level folders of a corpus, by which an operator says who may see what.

A document directly in the root belongs to the collection "", which people call "chung" (what is common to all); so does
one in a folder of that name.
"""

from __future__ import annotations

from retrieval.language.spelling import nfc

ROOT = ""
_CALLED = "chung"


def collection_of(doc_id: str) -> str:
    """
    The collection of a document by its id, which is its path below the root.
    Example: "quy-che/2024/chi-tieu.md" -> "quy-che", "gioi-thieu.md" -> ""
    """
    folder, slash, _ = doc_id.partition("/")
    return collection_named(folder) if slash else ROOT


def collection_named(name: str) -> str:
    """The collection that people call by this name. Example: "chung" -> "" """
    name = nfc(name.strip())  # a folder's name is NFD where the corpus came from a Mac
    return ROOT if name == _CALLED else name


def name_of(collection: str) -> str:
    """What people call it. Example: "" -> "chung" """
    return collection or _CALLED
