"""
Collections: the first-level folders of a corpus, by which an operator says who may see what.

A document directly in the root belongs to the collection "", which people call "chung" (what is common to all); so does
one in a folder of that name, and one in an archive that lies in the root (`corpus` reads no folder called like one).
"""

from __future__ import annotations

from retrieval.language.spelling import nfc

ROOT = ""
_CALLED = "chung"
_ARCHIVE = ".zip"


def collection_of(doc_id: str) -> str:
    """
    The collection of a document by its id, which is its path below the root.
    Example: "quy-che/2024/chi-tieu.md" -> "quy-che", "gioi-thieu.md" -> "", "cu.zip/phong/a.md" -> ""
    """
    folder, slash, _ = doc_id.partition("/")
    return collection_named(folder) if slash and not folder.lower().endswith(_ARCHIVE) else ROOT


def collection_named(name: str) -> str:
    """The collection that people call by this name. Example: "chung" -> "" """
    name = nfc(name.strip())  # a folder's name is NFD where the corpus came from a Mac
    return ROOT if name == _CALLED else name


def name_of(collection: str) -> str:
    """What people call it. Example: "" -> "chung" """
    return collection or _CALLED
