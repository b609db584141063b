"""
Floors under the quality of retrieval, where the development sets are.

`make test` asks the smallest set, every third question, and holds it to what was reached when this was written;
`make quality` asks everything and holds it to the required figures. Encoding all sets takes a quarter of an hour the
first time, and the vectors are kept in the user's cache folder: `make test` waits until they are there, since with the
encoding a run could pass its quarter of an hour.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from embeddings import load_encoder
from embeddings.bundled.weights import default_cache_dir
from retrieval.evaluation.evaluator import evaluate
from retrieval.evaluation.mode import MODES
from retrieval.evaluation.questions import read_beir_corpus, read_beir_questions, read_question_file
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.support.corpus import SEEDS
from tests.support.silent_progress import SilentProgress

SETS = SEEDS.parents[1] / "shared" / "eval"
ALL = os.environ.get("TRICHDAN_QUALITY") == "all"
CACHE = default_cache_dir() / "eval-embeddings.sqlite"
ENCODED = CACHE.exists() and CACHE.stat().st_size > 5_000_000  # bytes; the smallest set's vectors are more
absent = pytest.mark.skipif(not SETS.is_dir(), reason="the development sets are not on this machine")


def reciprocal_ranks(name: str, work: Path, *, every: int) -> tuple[float, float, float]:
    """RR@10 of every n-th question, full, half-typed and bare."""
    encoder = load_encoder()
    open_place(work).build(
        read_beir_corpus(SETS / name), encoder, root=None, model=None, progress=SilentProgress(), cache=CACHE
    )
    retriever, questions = Retriever(work, encoder), read_beir_questions(SETS / name)[::every]
    full, half, bare = (evaluate(retriever, questions, mode=mode).measures["RR@10"] for mode in MODES)
    return full, half, bare


@absent
@pytest.mark.skipif(not (ALL or ENCODED), reason="`make quality` encodes the sets first")
def test_the_smallest_set_is_ranked_as_well_as_it_was(tmp_path: Path) -> None:
    """Measured: 0.873 and 0.863. A point lower is a change for the worse."""
    full, half, bare = reciprocal_ranks("mlqa-vi", tmp_path, every=3)

    assert full >= 0.862
    assert half >= 0.854
    assert bare >= 0.854


@absent
@pytest.mark.skipif(not ALL, reason="`make quality` asks all sets")
@pytest.mark.parametrize(
    ("name", "required"),
    [("viquad-dev", (0.865, 0.875, 0.835)), ("mlqa-vi", (0.860, 0.840, 0.830)), ("alqac", (0.870, 0.920, 0.855))],
)
def test_the_required_figures_are_reached(name: str, required: tuple[float, float], tmp_path: Path) -> None:
    """With the shipped weights, which have seen these sets: what they are worth on unseen ones is in weights.json."""
    found = reciprocal_ranks(name, tmp_path, every=1)

    assert all(figure >= floor for figure, floor in zip(found, required, strict=True)), found


def test_the_seeds_answer_their_questions_first(answering: Retriever) -> None:
    """A right paragraph within the first three, always; where there is none, it is said."""
    questions = read_question_file(SEEDS.parent / "tests" / "seeds-dev.jsonl")
    full, half, bare = (evaluate(answering, questions, mode=mode) for mode in MODES)

    assert {one.measures["R@3"] for one in (full, half, bare)} == {1.0}
    assert full.measures["RR@10"] >= 0.95
    assert half.measures["RR@10"] >= 0.95
    assert bare.measures["RR@10"] >= 0.95
    assert {one.states["unanswerable"]["found"] for one in (full, half, bare)} == {0.0}
