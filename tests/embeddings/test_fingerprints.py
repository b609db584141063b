"""A fingerprint is equal exactly when the vectors are."""

import shutil

import pytest

from embeddings.device import DEVICES
from embeddings.engine import ENGINES
from embeddings.fingerprint import ModelSource, folder_id
from embeddings.precision import PRECISIONS
from embeddings.prompts import E5, Prompts, prompts_of
from embeddings.torch_engine.bundled_encoder import BundledEncoder

INSTRUCT = "Instruct: Given a web search query, retrieve relevant passages that answer the query"
GIVEN = {"name": "m", "weights": "w", "prompts": E5, "max_tokens": 512}
CHANGES = [
    {"weights": "v"},
    {"prompts": Prompts("query: ", "")},
    {"prompts": Prompts("passage: ", "query: ")},
    {"max_tokens": 256},
    {"dimensions": 128},
]


def fingerprint(changes=(), *, precision="float32", engine="sentence-transformers", device="cpu"):
    return ModelSource(**(GIVEN | dict(changes))).fingerprint(precision, engine, device)


def fingerprints():
    """One for each way of computing passages."""
    return [
        fingerprint(precision=precision, engine=engine, device=device)
        for precision in PRECISIONS
        for engine in ENGINES
        for device in DEVICES
    ]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_fingerprint_differs_with_whatever_changes_vectors(change):
    """
    Other weights, prompts or window, another fingerprint.
    """
    assert fingerprint() != fingerprint(change)


def test_a_fingerprint_says_how_passages_were_computed():
    """
    Each precision of each engine on each device has its own, and a person can read off it which one it is.
    """
    found = {name.split("/")[1] for name in fingerprints()}

    assert len(found) == len(PRECISIONS) * len(ENGINES) * len(DEVICES)
    assert {"float32", "bfloat16", "openvino-float32", "openvino-bfloat16", "cuda-bfloat16", "mps-float32"} <= found


def test_a_question_may_be_asked_of_passages_however_they_were_computed():
    """
    All ways are one model's, in one projection of its tokens.
    """
    source = ModelSource(**GIVEN)

    assert all(source.could_produce(f"{name}/p", "p") for name in fingerprints())


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_question_is_not_asked_of_another_models_passages(change):
    """
    Whatever else differs makes it another model's, and so does another projection.
    """
    source = ModelSource(**GIVEN)

    assert not source.could_produce(f"{fingerprint(change)}/p", "p")
    assert not source.could_produce(f"{fingerprint()}/q", "p")


def test_a_fingerprint_is_known_beforehand():
    """
    It depends on nothing but its five parts: sha256 of their JSON, worked out with `sha256sum`.
    """
    assert fingerprint() == "m/float32/4bd45177dbc1"


def test_a_wanted_precision_is_in_the_fingerprint_whatever_the_processor(folder, encoder):
    """
    Naming the precision that an index was built with gives the index's fingerprint.
    """
    other = BundledEncoder(folder, precision="bfloat16")

    assert other.fingerprint.startswith("multilingual-e5-small/bfloat16/")
    assert encoder.fingerprint.split("/")[1].endswith("float32")


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
        ("multilingual-e5-small", {}, E5),
        ("intfloat/e5-base-v2", {}, E5),
        ("intfloat/multilingual-e5-large-instruct", {}, Prompts(f"{INSTRUCT}\nQuery: ")),
        ("intfloat/e5-mistral-7b-instruct", {"web_search_query": "I: "}, Prompts("I: ")),
        ("Qwen/Qwen3-Embedding-8B", {}, Prompts(f"{INSTRUCT}\nQuery:")),
        ("BAAI/bge-m3", {"query": "", "document": ""}, Prompts()),
        ("AITeamVN/Vietnamese_Embedding_v2", {}, Prompts()),
        ("BAAI/bge-base-en-v1.5", {}, Prompts("Represent this sentence for searching relevant passages: ")),
        ("Snowflake/snowflake-arctic-embed-m-v2.0", {}, Prompts("query: ")),
        ("nomic-ai/nomic-embed-text-v1.5", {}, Prompts("search_query: ", "search_document: ")),
        ("some/model", {"query": "q ", "corpus": "c "}, Prompts("q ", "c ")),
        ("some/model", {"query": "q ", "document": "d "}, Prompts("q ", "d ")),
        ("some/model", {"query": "q ", "passage": "p ", "document": ""}, Prompts("q ", "p ")),
    ],
)
def test_prompts_come_from_the_settings_and_then_from_the_family(name, settings, expected):
    """
    Models such as E5 need theirs although their settings on the hub do not say so.
    """
    assert prompts_of(name, settings) == expected


def test_a_prompt_of_every_text_is_one_of_both_kinds():
    """
    What a model's settings put before every text is put before queries and passages.
    """
    assert prompts_of("some/model", {"all": "text: "}, default="all") == Prompts("text: ", "text: ")
