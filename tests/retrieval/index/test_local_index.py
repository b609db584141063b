"""The two ways by which passages are scored by their words, against each other."""

from __future__ import annotations

import pytest

from retrieval.index import local_index
from retrieval.index.generations import generation
from retrieval.index.local_index import LocalIndex
from retrieval.language.analyzer import analyze
from tests.support.corpus import SEEDS, build_index
from tests.support.encoders import BagEncoder

ASKED = ("Việt Nam gia nhập ASEAN năm nào?", "doi ngoai quoc phong", "hợp tác", "xyzzy", "29/7/2022")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    """The seeds, far fewer passages than are all looked at."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    build_index(SEEDS, folder, BagEncoder())
    return LocalIndex.open(generation.live_folder(folder))


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("k", [1, 7, 100])
def test_few_passages_are_scored_as_many_are(
    index: LocalIndex, monkeypatch: pytest.MonkeyPatch, question: str, k: int
) -> None:
    """All that match, found with their scores, and those put forward, counted: the same passages, the same scores."""
    terms, every = analyze(question), range(index.manifest.passages)
    concepts, synonyms = ((analyze("quốc phòng"), analyze("an ninh")),), ((analyze("dự"), analyze("tham gia")),)

    few = index.lexical_matches(terms, concepts, k, synonyms)
    monkeypatch.setattr(local_index, "_SMALL_INDEX", 0)
    many = index.lexical_matches(terms, concepts, k, synonyms)

    assert few.rows == many.rows
    assert few.score(every) == {row: pytest.approx(scores, rel=1e-5) for row, scores in many.score(every).items()}
