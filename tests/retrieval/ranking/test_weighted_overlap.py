"""What a sentence should hold, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.question.understanding import understand
from retrieval.ranking.weighted_overlap import WeightedOverlap, weighted_overlap
from tests.retrieval.language.test_diacritic_restoration import Counted

SPELLINGS = Counted("thỏa thuận hiệp định ký đoàn đại biểu")
RARITY = {"đoàn": 1.0, "doan": 1.0, "dai": 2.0, "bieu": 3.0}


def weigh(term: str) -> float:
    return RARITY.get(term, 1.0)


def share(overlap: WeightedOverlap, found: set[str]) -> float:
    """Of one sentence, which has these terms and no others."""
    columns = {term: column for column, term in enumerate(sorted(found))}
    (own,) = overlap.shares(np.ones((1, len(columns)), np.bool_), columns)
    return float(own)


def test_terms_add_up_by_weight() -> None:
    """Of weights 3 and 1 the heavier is found."""
    assert share(WeightedOverlap({"a": 3.0, "b": 1.0}), {"a", "c"}) == 0.75


def test_of_a_thing_the_best_wording_counts_and_weighs_as_the_commonest() -> None:
    """The term 2 is missing; the thing weighs 1, and half of its rarer wording (4 of 8) is held: 0.5 of 3."""
    things = (({"x": 1.0}, {"y": 4.0, "z": 4.0}),)

    assert share(WeightedOverlap({"a": 2.0}, things), {"y"}) == pytest.approx(0.5 / 3)


def test_nothing_wanted_is_no_share() -> None:
    """A question of pairs only has no single terms, and one wording of one syllable no pairs."""
    assert share(WeightedOverlap({}, (({}, {"a_b": 1.0}),)), {"a_b"}) == 0.0


def test_an_english_question_wants_one_wording_of_each_thing() -> None:
    """ "delegation" is "đoàn" or "đoàn đại biểu": either is all of it, and the word "delegation" is not wanted."""
    words = weighted_overlap(understand("Which delegations signed?", SPELLINGS), weigh, pairs=False)

    assert (share(words, {"doan", "ki"}), share(words, {"doan"})) == (1.0, 0.5)


def test_a_vietnamese_question_wants_every_term() -> None:
    """đoàn, đại, biểu weigh 1, 2 and 3; the pairs two times 1."""
    query = understand("đoàn đại biểu", SPELLINGS)

    assert share(weighted_overlap(query, weigh, pairs=False), {"dai", "bieu"}) == pytest.approx(5 / 6)
    assert share(weighted_overlap(query, weigh, pairs=True), {"dai_bieu"}) == 0.5


def test_of_a_synonym_the_better_wording_counts_the_official_one_at_a_discount() -> None:
    """Weight 2 and, of the synonym's 4, 0.7 of it by the official word, all by what was typed; of both not the sum."""
    words = WeightedOverlap({"a": 2.0}, synonyms=(({"x": 4.0}, {"y": 1.0}),))

    found = [share(words, {"y"}), share(words, {"x"}), share(words, {"x", "y"}), share(words, {"a", "y"})]

    assert found == pytest.approx([2.8 / 6, 4 / 6, 4 / 6, 4.8 / 6])
