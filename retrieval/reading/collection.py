"""
Collections: the first-level folders of a corpus, the unit of access control.

A document directly in the root, in a folder called "chung", or in an archive in the root belongs to the collection "",
which people call "chung" (common to all). `corpus` reads no folder whose name ends like an archive's.
"""

from __future__ import annotations

from retrieval.language.spelling import nfc

ROOT = ""
_CALLED = "chung"
_ARCHIVE = ".zip"


def collection_of(doc_id: str) -> str:
    """
    The collection of a document, from its id (its path below the root).

    Example: "quy-che/2024/chi-tieu.md" -> "quy-che", "gioi-thieu.md" -> "", "cu.zip/phong/a.md" -> ""
    """
    folder, slash, _ = doc_id.partition("/")
    return collection_named(folder) if slash and not folder.lower().endswith(_ARCHIVE) else ROOT


def collection_named(name: str) -> str:
    """The collection with this display name. Example: "chung" -> "" """
    name = nfc(name.strip())  # a folder's name is NFD where the corpus came from a Mac
    return ROOT if name == _CALLED else name


def collection_name(collection: str) -> str:
    """The display name of a collection. Example: "" -> "chung" """
    return collection or _CALLED
