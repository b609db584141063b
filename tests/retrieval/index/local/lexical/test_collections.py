"""A lexical channel that is restricted to collections, against a channel that holds their passages alone."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.local.lexical import channel
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.scoring.field_query import FIELDS, FieldQuery
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.language.analyzer import analyze

pytestmark = pytest.mark.slow

COLLECTIONS = ("", "mật", "quy chế", "quy")
SOME = st.sampled_from([frozenset(some) for size in range(1, 4) for some in combinations(COLLECTIONS, size)])
WORDS = st.lists(st.sampled_from(["quân", "báo", "dân", "chí", "1/2/2023"]), min_size=1, max_size=4).map(" ".join)


def passage_terms(row: int) -> PassageTerms:
    """Terms of passages that differ in words and in length by their row, the last collection's being long."""
    words = ("quân", "báo", "quân báo", "dân", "quân dân báo chí", "báo chí 1/2/2023", "chí")
    return PassageTerms.of(f"{words[row % 7]} {'xa ' * (row % 5)} {'gần ' * (40 * (row % 4 == 3))}", words[row % 3])


def written(folder: Path, rows: list[int]) -> LexicalChannel:
    """A channel that holds these passages; the collection of each is told by its row."""
    LexicalChannel.write(folder, map(passage_terms, rows), [COLLECTIONS[row % 4] for row in rows])
    return LexicalChannel.open(folder)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> LexicalChannel:
    """Two hundred passages in four collections."""
    return written(tmp_path_factory.mktemp("all"), list(range(200)))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[frozenset[str], tuple[list[int], LexicalChannel]]:
    """By collections: their rows, and a channel without the others."""
    chosen = [frozenset(some) for size in range(1, 4) for some in combinations(COLLECTIONS, size)]
    rows = {some: [row for row in range(200) if COLLECTIONS[row % 4] in some] for some in chosen}
    return {some: (rows[some], written(tmp_path_factory.mktemp("alone"), rows[some])) for some in chosen}


def restricted(everything: LexicalChannel, rows: list[int], some: frozenset[str]) -> LexicalChannel:
    """The view of these rows."""
    return everything.restrict(RowFilter(np.isin(np.arange(200), rows)), some)


@settings(max_examples=60)
@given(some=SOME, typed=WORDS, other=WORDS, k=st.integers(1, 60), field=st.sampled_from(FIELDS))
def test_the_best_are_those_of_a_channel_without_the_others(everything, alone, some, typed, other, k, field) -> None:
    """As many as there are up to k, the best of them, with the scores that they have where nothing else is."""
    rows, oracle = alone[some]
    one, two = analyze(typed).folded, analyze(other).folded
    query = FieldQuery(one, ((one, two),), ((one, two),))
    scores = {rows[row]: score for row, score in oracle.search(field, query, len(rows)).items()}

    found = restricted(everything, rows, some).search(field, query, k)

    assert found == pytest.approx({row: scores[row] for row in found}, rel=1e-5)
    assert sorted(found.values()) == pytest.approx(sorted(scores.values())[-k:], rel=1e-5)


@given(some=SOME, term=st.sampled_from(["quan", "bao_chi", "chi", "1/2/2023", "zzz"]), field=st.sampled_from(FIELDS))
def test_terms_are_counted_where_they_may_be_seen(everything, alone, some, term, field) -> None:
    """How rare a term is, and whether any passage holds it, are told by the visible passages alone."""
    rows, oracle = alone[some]
    view = restricted(everything, rows, some)

    seen = view.idf(field, term), view.holds(field, term), view.rarest_idf

    assert seen == (oracle.idf(field, term), oracle.holds(field, term), oracle.rarest_idf)


@pytest.mark.parametrize("term", ["quan", "bao_chi", "1/2/2023", "zzz"])
def test_an_older_index_counts_by_searching(everything: LexicalChannel, monkeypatch, term: str) -> None:
    """Where terms were not written by collection, the same passages are counted."""
    rows = RowFilter(np.arange(200) % 4 == 1)
    view = everything.restrict(rows, frozenset({COLLECTIONS[1]}))
    monkeypatch.setattr(channel, "has_collection_terms", lambda _: False)

    older = everything.restrict(rows, frozenset({COLLECTIONS[1]}))

    assert [older.idf(field, term) for field in FIELDS] == [view.idf(field, term) for field in FIELDS]


def test_of_no_collection_nothing_is_known(everything: LexicalChannel) -> None:
    """A view of nothing finds nothing, and fails at nothing."""
    view = everything.restrict(RowFilter(np.zeros(200, np.bool_)), frozenset())

    found = view.search("folded", FieldQuery(("quan",)), 5), view.holds("folded", "quan"), view.rarest_idf > 0

    assert found == ({}, False, True)


def test_of_one_collection_none_are_counted(tmp_path: Path) -> None:
    """Where all passages are in one collection, their terms are written once."""
    folders = tmp_path / "one", tmp_path / "more"
    for folder, names in zip(folders, ((), ["a"] * 200), strict=True):
        folder.mkdir()
        LexicalChannel.write(folder, map(passage_terms, range(200)), names)

    sizes = [sum(file.stat().st_size for file in (folder / "lexical").iterdir()) for folder in folders]

    assert sizes[0] < sizes[1]
