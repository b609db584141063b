"""The lexical channel against BM25 written out."""

import math
from collections import Counter
from pathlib import Path

import pytest

from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.scoring.field_query import FieldQuery, field_queries
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.language.analyzer import analyze

TEXTS = [
    "đường sắt Bắc Nam",
    "ông Dương họ Dương",
    "đường bộ và đường thủy ở miền Bắc",
    "quốc phòng toàn dân",
    "hội nghị quốc phòng tại Hà Nội",
]


@pytest.fixture
def channel(tmp_path: Path) -> LexicalChannel:
    """The five texts, each titled "bài"."""
    LexicalChannel.write(tmp_path, (PassageTerms.of(text, "bài") for text in TEXTS))
    return LexicalChannel.open(tmp_path)


def bm25(query: tuple[str, ...], documents: list[tuple[str, ...]], row: int) -> float:
    """Robertson & Zaragoza 2009, eq. 3.15, with Lucene's idf; k1 1.2, b 0.75."""
    average = sum(map(len, documents)) / len(documents)
    counts = Counter(documents[row])
    total = 0.0
    for term in query:
        n = sum(term in document for document in documents)
        idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
        tf = counts[term]
        total += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * len(documents[row]) / average))
    return total


def test_scores_are_bm25(channel: LexicalChannel) -> None:
    """Tantivy's scores are the formula's, over our own terms."""
    documents = [analyze(text).folded for text in TEXTS]
    query = analyze("quốc phòng ở miền Bắc").folded

    found = channel.search("folded", FieldQuery(query), 10)

    assert found == pytest.approx({row: bm25(query, documents, row) for row in (0, 2, 3, 4)}, rel=1e-4)


def test_typed_accents_outrank_folded_matches(channel: LexicalChannel) -> None:
    """In the exact field "đường" does not meet "Dương"; in the folded field it does."""
    exact, folded = (
        channel.search("exact", FieldQuery(("đương1",)), 10),
        channel.search("folded", FieldQuery(("duong",)), 10),
    )

    assert (set(exact), set(folded)) == ({0, 2}, {0, 1, 2})


def test_given_passages_are_scored_as_in_a_search(channel: LexicalChannel) -> None:
    """Scoring chosen passages gives the same numbers, and 0 for those without a match."""
    query = analyze("quốc phòng").exact

    found = channel.search("exact", FieldQuery(query), 10)

    scores = channel.score(field_queries(analyze("quốc phòng"), (), ()), [0, 3, 4])

    assert set(found) == {3, 4}
    assert [exact for exact, *_ in scores.values()] == pytest.approx([0.0, found[3], found[4]])


def test_no_match_is_no_vote(channel: LexicalChannel) -> None:
    """Unknown terms and no terms at all find nothing."""
    found = channel.search("exact", FieldQuery(("zzz",)), 10), channel.search("exact", FieldQuery(()), 10)

    assert found == ({}, {})


def test_idf_is_the_formula(channel: LexicalChannel) -> None:
    """ln(1 + (5 - 2 + 0.5) / (2 + 0.5)) for a term in two of five passages."""
    value = channel.idf("folded", "phong")

    assert value == pytest.approx(math.log(1 + 3.5 / 2.5))


def test_the_best_wording_of_a_concept_counts(channel: LexicalChannel) -> None:
    """A text that uses two names of one thing is not more about it than one that uses the better of them."""
    one, other = (
        channel.search("folded", FieldQuery(("quoc",)), 10)[3],
        channel.search("folded", FieldQuery(("dan",)), 10)[3],
    )

    found = channel.search("folded", FieldQuery((), ((("quoc",), ("dan",)),)), 10)

    assert found[3] == pytest.approx(max(one, other))


def test_a_rarer_synonym_is_worth_no_more_than_what_was_typed(channel: LexicalChannel) -> None:
    """ "dan" stands in one passage, the typed "quoc" in two: at 0.7 of the weight of "quoc" it stays behind."""
    typed = channel.search("folded", FieldQuery(("quoc",)), 10)
    synonym = channel.search("folded", FieldQuery(("dan",)), 10)[3]
    worth = 0.7 * channel.idf("folded", "quoc") / channel.idf("folded", "dan")

    found = channel.search("folded", FieldQuery((), (), ((("quoc",), ("dan",)),)), 10)
    alone = channel.search("folded", FieldQuery((), (), ((("mien_nam",), ("dan",)),)), 10)

    assert found == pytest.approx(typed)
    assert alone == pytest.approx({3: 0.7 * synonym})
    assert worth * synonym < typed[3]
