"""How windows are searched when there are many: through a graph, whose recall is measured."""

from __future__ import annotations

import random

import numpy as np
import pytest

from retrieval.index.contract import LexicalSearch
from retrieval.index.postgres import proposals
from retrieval.index.postgres.build import search_plans
from retrieval.index.postgres.database import Statement
from retrieval.index.scoring.field_query import field_queries
from retrieval.language.analyzer import Terms, analyze
from tests.retrieval.contract.engines import CorpusAndPlace, document

pytestmark = pytest.mark.slow

WORDS = [f"{first}{rest}" for first in "bcdgklmnst" for rest in ("an", "ong", "uy", "em", "oi", "inh", "ac")]


@pytest.fixture
def built(site: CorpusAndPlace, monkeypatch: pytest.MonkeyPatch) -> CorpusAndPlace:
    """Five hundred paragraphs, as if these were many."""
    for module in (proposals, search_plans):
        monkeypatch.setattr(module, "EXACT_TO", 100)
    dice = random.Random(0)  # noqa: S311 - a seed, no secret
    texts = [" ".join(dice.choices(WORDS, k=8)) for _ in range(500)]
    site.build(entries=[document(f"{'mat/' if n % 50 == 0 else ''}d{n:03}", text) for n, text in enumerate(texts)])
    return site


def test_few_windows_are_compared_one_by_one(site: CorpusAndPlace) -> None:
    """No plan is measured."""
    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.")
    site.build()
    plan = site.place.manifest().search

    assert plan is not None
    assert (plan.precision, plan.links, plan.sample) == ("float32", 0, 0)


def test_many_are_searched_through_a_graph(built: CorpusAndPlace) -> None:
    """Whose recall on the corpus's own windows and on questions of its words is in the manifest."""
    plan = built.place.manifest().search

    assert plan is not None
    assert (plan.links, plan.precision) == (search_plans.LINKS, "float16")
    assert plan.recall >= search_plans.RECALL
    assert plan.sample >= 200
    assert "links" in str(plan)


def test_the_graph_is_used_and_finds_the_nearest(built: CorpusAndPlace) -> None:
    """As many as an exact search, with exact cosines."""
    index = built.place.open()
    view, plan = index._view, index.manifest.search  # type: ignore[attr-defined]
    vectors = built.encoder.encode_queries(["ban cong duy", "mem noi sinh"])
    statement = proposals.by_vectors(view, plan, vectors, 10, ())
    explained, *_ = view.read(Statement(f"EXPLAIN {statement.text}", statement.values, statement.space))
    nothing = index.lexical_matches(LexicalSearch(Terms((), ())), 10)
    found = {each.passage.passage_id: each.scores.dense for each in index.candidates(vectors, nothing, 10)}
    everything = index.candidates(vectors, nothing, 500)
    best = sorted(everything, key=lambda each: -each.scores.dense)[:10]

    assert any("windows_near" in line for (line,) in explained), "\n".join(line for (line,) in explained)
    assert len(everything) == 500
    assert len(found.keys() & {each.passage.passage_id for each in best}) >= 9
    assert all(found[each.passage.passage_id] == each.scores.dense for each in best if each.passage.passage_id in found)


def test_a_small_collection_is_searched_exactly(built: CorpusAndPlace) -> None:
    """A graph of all collections would pass its few windows by."""
    index = built.place.open().restrict(frozenset({"mat"}))
    nothing = index.lexical_matches(LexicalSearch(Terms((), ())), 10)
    found = index.candidates(built.encoder.encode_queries(["ban cong duy"]), nothing, 10)

    assert len(found) == 10
    assert np.all([each.passage.doc_id.startswith("mat/") for each in found])


def test_the_plan_stays_while_the_corpus_grows_little(built: CorpusAndPlace) -> None:
    """Measuring again would take longer than the build."""
    before = built.place.manifest().search
    records = built.place.open().documents()
    documents = [built.place.open().full_document(record.doc_id) for record in records]
    built.build(entries=[*documents, document("neu", "ban cong duy mem")])

    assert built.place.manifest().search == before
    assert built.place.manifest().windows == 501


@pytest.mark.parametrize("within", [None, frozenset({"mat"})])
def test_words_are_searched_by_their_index(built: CorpusAndPlace, within: frozenset[str] | None) -> None:
    """Scoring each passage in turn would take a millisecond for every one."""
    index = built.place.open().restrict(within)
    view = index._view  # type: ignore[attr-defined]
    statements = proposals.by_words(view, field_queries(analyze("ban cong duy"), (), ()), 100)
    explained = view.read(*(Statement(f"EXPLAIN {each.text}", each.values, each.space) for each in statements))
    lines = "\n".join(line for rows in explained for (line,) in rows)

    assert "passages_exact" in lines
    assert "passages_folded" in lines
    assert "Seq Scan" not in lines
