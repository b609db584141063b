"""Collections: which one a document belongs to, and what they are called."""

from __future__ import annotations

import unicodedata

import pytest

from retrieval.reading.collection import collection_name, collection_named, collection_of


@pytest.mark.parametrize(
    ("doc_id", "collection"),
    [
        ("gioi-thieu.txt", ""),
        ("quy-che/chi-tieu.md", "quy-che"),
        ("quy-che/2024/chi-tieu.md", "quy-che"),
        ("chung/gioi-thieu.txt", ""),
        ("cu.zip/phong/a.txt", ""),
        ("CU.ZIP/a.txt", ""),
        ("quy-che/cu.zip/a.txt", "quy-che"),
        ("Quy-che/a.txt", "Quy-che"),
        (unicodedata.normalize("NFD", "nhân sự/lương.txt"), "nhân sự"),
    ],
)
def test_a_collection_is_a_first_level_folder(doc_id: str, collection: str) -> None:
    """However deep the file lies; the root and a folder called "chung" are one; NFC and NFD are one name."""
    assert collection_of(doc_id) == collection


@pytest.mark.parametrize(("name", "collection"), [("chung", ""), (" quy-che ", "quy-che"), ("", "")])
def test_a_name_and_its_collection(name: str, collection: str) -> None:
    """What people call a collection leads back to it."""
    assert collection_named(name) == collection
    assert collection_named(collection_name(collection)) == collection
