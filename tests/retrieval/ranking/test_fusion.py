"""Fusion: hand arithmetic for coverage, and no distortion by a channel that knows nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.passage import Passage
from retrieval.question.understanding import understand
from retrieval.ranking.fusion import coverage, fuse, query_coverage
from tests.retrieval.language.test_diacritic_restoration import Counted

# Eight terms, of which the corpus has one: a question in another language.
FOREIGN = coverage([f"term{i}" for i in range(8)], lambda _, __: 3.0, lambda term: term == "term0")

SPELLINGS = Counted("nghị định quy định học sinh bổ sung")

# The idf of a term that one of 48 passages holds: ln(1 + (N - n + 0.5) / (n + 0.5)).
RAREST = math.log(1 + 47.5 / 1.5)


def candidate(number: int, dense: float, exact: float = 0.0, folded: float = 0.0, title: float = 0.0) -> Candidate:
    text = f"Đoạn {number}."
    passage = Passage(f"a.txt#{number}", "a.txt", "paragraph", number, 9, 0, len(text), text)
    return Candidate(passage, ChannelScores((dense,), exact, folded, title))


def rank_candidates(candidates: list[Candidate], covered: float) -> list[int]:
    return [candidate.passage.paragraph for candidate in fuse(candidates, covered, RAREST)]


def test_coverage_is_the_known_share_by_rarity() -> None:
    """Weights 3, 1 and 1 of which the second is unknown: (3 + 1) / (3 + 1 + 1); a repeated term counts once."""
    weights = {"a": 3.0, "b": 1.0, "c": 1.0}

    share = coverage(["a", "b", "c", "a"], lambda _, term: weights[term], lambda term: term != "b")

    assert share == pytest.approx(4 / 5)


@pytest.mark.parametrize(("known", "share"), [("", 0.0), ("abc", 1.0)])
def test_coverage_ends(known: str, share: float) -> None:
    """Nothing known is 0, all known is 1."""
    assert coverage(["a", "b", "c"], lambda _, __: 2.0, known.__contains__) == share


def test_coverage_of_no_terms_is_nothing() -> None:
    """No terms, or terms that weigh nothing, divide by nothing."""
    shares = coverage([], lambda _, __: 1.0, lambda _: True), coverage(["a"], lambda _, __: 0.0, lambda _: True)

    assert shares == (0.0, 0.0)


def test_a_blind_channel_cannot_distort() -> None:
    """An accidental match of a question that the corpus hardly knows does not overturn a clear dense order."""
    clear = [candidate(1, 0.88), candidate(2, 0.85), candidate(3, 0.82)]
    accidental = [clear[0], clear[1], candidate(3, 0.82, exact=9.0, folded=9.0, title=9.0)]

    found = rank_candidates(clear, FOREIGN), rank_candidates(accidental, FOREIGN)

    assert found == ([1, 2, 3], [1, 2, 3])


@given(st.lists(st.floats(0.75, 0.95), min_size=2, max_size=8), st.floats(0.1, 30.0), st.data())
def test_what_the_corpus_does_not_know_does_not_vote(cosines: list[float], match: float, data: st.DataObject) -> None:
    """With no term known at all, whatever a lexical channel claims leaves the order of the cosines alone."""
    plain = [candidate(i, cosine) for i, cosine in enumerate(cosines)]
    lifted = data.draw(st.integers(0, len(cosines) - 1))
    claimed = [candidate(i, c, match * (i == lifted), match * (i == lifted)) for i, c in enumerate(cosines)]

    assert rank_candidates(claimed, 0.0) == rank_candidates(plain, 0.0)


def test_known_words_do_vote() -> None:
    """Where the corpus knows every term, many matching words outweigh a slightly nearer vector."""
    found = rank_candidates([candidate(1, 0.851), candidate(2, 0.850, exact=20.0, folded=20.0)], 1.0)

    assert found == [2, 1]


@pytest.mark.parametrize("field", ["dense", "exact", "folded"])
def test_more_of_anything_is_never_worse(field: str) -> None:
    """A candidate that is equal but for one channel's higher score comes first, wherever it stood."""
    same = {"dense": 0.8, "exact": 5.0, "folded": 5.0}
    better = {**same, field: same[field] * 1.1}

    found = rank_candidates([candidate(1, **same), candidate(2, **better)], 1.0)

    assert found == [2, 1]


def test_equal_candidates_keep_reading_order() -> None:
    """Ties are decided by place in the corpus, not by chance."""
    found = rank_candidates([candidate(i, 0.8, 1.0, 1.0) for i in range(1, 9)], 0.5)

    assert found == list(range(1, 9))


def test_a_thing_in_an_english_question_is_covered_wholly_or_not() -> None:
    """
    "nghị định" is known. Of "học bổng" both syllables are and the word is not; each thing weighs as its rarest term, 5
    and 3, so that 5 of 8 are covered.
    """
    query = understand("Which decree is about the scholarship?", SPELLINGS)
    weights = {"nghi": 1.0, "dinh": 2.0, "nghi_dinh": 5.0, "hoc": 1.0, "bong": 2.0, "hoc_bong": 3.0}

    share = query_coverage(query, lambda _, term: weights[term], lambda term: term != "hoc_bong")

    assert share == pytest.approx(5 / 8)


def test_a_vietnamese_question_is_covered_by_its_terms() -> None:
    """ "nghị" and "nghị định" of three terms that weigh the same."""
    query = understand("nghị định", SPELLINGS)

    assert query_coverage(query, lambda *_: 2.0, lambda term: term != "dinh") == pytest.approx(2 / 3)


def test_everyday_words_are_covered_by_their_official_ones_in_part() -> None:
    """Weights 3 and 2, the second unknown but said otherwise: (3 + 0.7 * 2) / 5; known, it is all of it."""
    weights = {"a": 3.0, "b": 2.0}

    unknown = coverage(["a"], lambda _, term: weights[term], lambda term: term == "a", said=["b"])
    known = coverage(["a"], lambda _, term: weights[term], lambda _: True, said=["b"])

    assert (unknown, known) == (pytest.approx(4.4 / 5), 1.0)
