"""English questions in Vietnamese words."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question.english import _OPENING, opens_clause
from retrieval.question.query import Query
from retrieval.question.understanding import understand
from tests.retrieval.language.test_diacritic_restoration import Counted

SPELLINGS = Counted(
    """
    nghị định quy định đối ngoại quốc phòng của chính phủ
    bộ trưởng phạm bình minh chủ trì hội nghị chính sách quốc phòng việt nam
    đơn vị đón đoàn lhq ngày 29 tháng 7 năm 2022
    thỏa thuận ký với lào
    """
)


def asked(question: str) -> Query:
    return understand(question, SPELLINGS)


@pytest.mark.parametrize(
    ("question", "glossed"),
    [
        ("Which decree regulates defence diplomacy?", "nghị định quy định đối ngoại quốc phòng"),
        ("What is Vietnam's defense policy?", "chính sách quốc phòng Việt Nam"),
        ("Who chaired the conference?", "ai chủ trì hội nghị"),
        ("What did Minister Pham Binh Minh say?", "bộ trưởng Phạm Bình Minh"),
        ("How many delegations came on 29 July 2022?", "bao nhiêu đoàn came ngày 29 tháng 7 năm 2022"),
        (
            "Is decree 22/2016/ND-CP in force when an agreement is signed?",
            "nghị định 22/2016/ND-CP có hiệu lực thỏa thuận ký",
        ),
    ],
)
def test_the_gloss_says_it_in_vietnamese(question: str, glossed: str) -> None:
    """Words that say nothing are gone, the head of a noun phrase comes first, names have their marks."""
    query = asked(question)

    assert (query.gloss, query.searched_text) == (glossed, glossed)
    assert query.readings == (question, glossed)
    assert query.understood()["readings"] == [question, glossed]


def test_only_what_says_something_is_searched_for() -> None:
    """Not "which" nor "regulates": the folded "the" would find "thể", and unknown English only counts as missed."""
    query = asked("Which decree regulates the ABCFOR mission of Pham Binh Minh?")

    assert query.terms.folded == ("abcfor", "pham", "binh", "minh", "pham_binh", "binh_minh")


def test_a_term_is_searched_for_in_the_words_that_the_documents_use() -> None:
    """An agreement may be "hiệp định" or "thỏa thuận"; these documents say the latter."""
    query = asked("Which agreement was signed?")

    assert [step.understood for step in query.steps if step.typed == "agreement"] == [("thỏa thuận",)]
    assert [wording.folded for wording in query.concepts[0]] == [("thoa", "thuan", "thoa_thuan")]


def test_a_term_that_the_documents_lack_stays_wanted() -> None:
    """Its Vietnamese words are what is missing, so that nothing is taken for an answer."""
    query = asked("What is the scholarship?")

    assert [concept[0].folded for concept in query.concepts] == [("hoc", "bong", "hoc_bong")]


def test_the_longest_of_overlapping_stretches_counts() -> None:
    """In "ministry of national defence" no "national defence" is searched for again."""
    query = asked("Where is the Ministry of National Defence?")

    assert [(step.typed, step.understood) for step in query.steps] == [
        ("Where", ("ở đâu",)),
        ("Ministry of National Defence", ("Bộ Quốc phòng",)),
    ]


def test_a_question_of_silent_words_has_no_gloss() -> None:
    """There is nothing to say in Vietnamese, so it is searched for as typed."""
    query = asked("What about those which were there?")

    assert (query.gloss, query.readings) == ("", ("What about those which were there?",))


def test_a_follow_up_is_glossed_with_the_question_before_it() -> None:
    """Both are in English, and the year takes the place of the other year."""
    query = understand("and in 2023?", SPELLINGS, previous="How many delegations did the ministry receive in 2022?")

    assert (query.is_follow_up, query.gloss.endswith("đoàn bộ đón 2023")) == (True, True)


def test_vietnamese_has_no_gloss() -> None:
    """Nor has a Vietnamese question around foreign names."""
    assert [asked(q).gloss for q in ("Nghị định nào?", "hoi nghi o dau", "Kyrgyzstan Uzbekistan Belarus")] == [
        "",
        "",
        "",
    ]


def test_no_question_of_two_thousand_characters_takes_long() -> None:
    """Many asking words after many signs: three seconds are sixty times what it takes here."""
    opening = "which decree regulates the report of the minister of defence "
    question = f"{opening}{'*' * 800} x {'who ' * 284}"
    begun = time.process_time()

    asked(question)

    assert time.process_time() - begun < 3


@given(
    st.lists(st.sampled_from(["who", "when", "and", "android", "x", ",", " ", "\n", "'", "*", "-", "…"])).map("".join)
)
def test_an_asking_word_is_judged_by_what_stands_just_before_it(text: str) -> None:
    """As by the pattern over the whole text, which is too slow for long ones."""
    ends = [match.start() for match in re.finditer("who|when", text)]
    whole = [_OPENING.search(text[:end]) is not None for end in ends]

    assert [opens_clause(text, end) for end in ends] == whole
