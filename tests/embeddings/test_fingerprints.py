"""A fingerprint is equal exactly when the vectors are."""

import shutil

import pytest

from embeddings.bundled_encoder import BundledEncoder
from embeddings.fingerprint import fingerprint, folder_id
from embeddings.prompts import E5, Prompts, prompts_of

GIVEN = {"name": "m", "weights": "w", "prompts": E5, "max_tokens": 512, "precision": "float32"}


@pytest.mark.parametrize(
    "change",
    [
        {"weights": "v"},
        {"prompts": Prompts("query: ", "")},
        {"prompts": Prompts("passage: ", "query: ")},
        {"max_tokens": 256},
        {"precision": "bfloat16"},
    ],
    ids=str,
)
def test_a_fingerprint_differs_with_whatever_changes_vectors(change):
    """
    Other weights, prompts, window or precision, another fingerprint.
    """
    assert fingerprint(**GIVEN) != fingerprint(**(GIVEN | change))


def test_a_fingerprint_is_known_beforehand():
    """
    It depends on nothing but its five parts: sha256 of their JSON, worked out with `sha256sum`.
    """
    assert fingerprint(**GIVEN) == "m/float32/4bd45177dbc1"


def test_a_wanted_precision_is_in_the_fingerprint_whatever_the_processor(folder, encoder):
    """
    Whoever names the precision that an index was built with gets the index's fingerprint.
    """
    other = BundledEncoder(folder, precision="bfloat16")

    assert other.fingerprint.startswith("multilingual-e5-small/bfloat16/")
    assert encoder.fingerprint.startswith("multilingual-e5-small/float32/")


def test_a_folder_is_known_by_what_changes_vectors(tmp_path):
    """
    A changed setting changes the id; a changed readme, or a copy elsewhere, does not.
    """
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "config.json").write_text("{}")
    ids = [folder_id(tmp_path / "a")]
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b" / "README.md").write_text("new")
    ids.append(folder_id(tmp_path / "b"))
    (tmp_path / "b" / "config.json").write_text("[]")

    ids.append(folder_id(tmp_path / "b"))

    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("intfloat/multilingual-e5-base", {}, E5),
        ("intfloat/multilingual-e5-base", {"query": "", "document": ""}, E5),
        ("intfloat/multilingual-e5-large-instruct", {}, Prompts()),
        ("BAAI/bge-m3", {"query": "", "document": ""}, Prompts()),
        ("some/model", {"query": "q ", "document": "d "}, Prompts("q ", "d ")),
        ("some/model", {"query": "q ", "passage": "p ", "document": ""}, Prompts("q ", "p ")),
    ],
)
def test_prompts_come_from_the_settings_and_then_from_the_family(name, settings, expected):
    """
    E5 models need their two words although their settings on the hub do not say so.
    """
    assert prompts_of(name, settings) == expected
