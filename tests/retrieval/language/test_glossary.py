"""Vietnamese words for English terms."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.glossary import english_key, english_stem, glossary


def found(text):
    return [(term.typed, term.vietnamese[0], term.kind) for term in glossary().terms(text)]


def test_terms_give_vietnamese_words():
    """
    Terms are found in any case, in the plural, in American spelling, the longest first.
    """
    text = "Deputy Ministers of National Defense on peacekeeping operations"

    assert found(text) == [
        ("Deputy Ministers of National Defense", "Thứ trưởng Bộ Quốc phòng", "words"),
        ("peacekeeping operations", "hoạt động gìn giữ hòa bình", "words"),
    ]


@pytest.mark.parametrize("typed", ["regulate", "regulates", "regulated", "regulating"])
def test_forms_of_a_regular_verb_are_one(typed):
    """
    No line of the file is needed for them.
    """
    assert found(typed) == [(typed, "quy định", "verbs")]


@pytest.mark.parametrize(
    ("typed", "vietnamese"),
    [
        ("meeting", "hội nghị"),
        ("meet", "gặp"),
        ("parties", "các bên"),
        ("Party", "Đảng"),
        ("news", "tin"),
        ("new", "mới"),
        ("issue", "vấn đề"),
        ("issued", "ban hành"),
    ],
)
def test_the_entry_spelt_as_typed_counts(typed, vietnamese):
    """
    Words that share a stem are told apart by their spelling, and a noun from its verb by the ending.
    """
    assert [words for _, words, _ in found(typed)] == [vietnamese]


@pytest.mark.parametrize("text", ["lawn", "the plant", "peace, keeping"])
def test_other_words_are_no_terms(text):
    """
    Words that only begin like a term, or are parted by a comma, are not that term.
    """
    assert [term for term in found(text) if term[0] not in {"peace", "keeping"}] == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Which decree regulates defence diplomacy?", True),
        ("What did Phạm Bình Minh say about defence?", True),
        ("Nghị định nào quy định đối ngoại quốc phòng?", False),
        ("bo quoc phong to chuc hoi nghi", False),
        ("Đối thoại Shangri-La là gì?", False),
        ("When did Phan Văn Giang meet Lương Cường in Hà Nội?", True),
        ("Meeting of Phan Văn Giang and Lương Cường with the ministers in Hà Nội", True),
        ("WHO là gì?", False),
        ("trien lam Vietnam Defence Expo 2022", False),
        ("Vietnam Defence Expo 2022 khi nao", False),
        ("Ai la Minister of Defence cua Viet Nam?", False),
        ("Bộ trưởng họp online", False),
        ("Quy định online", False),
        ("Kyrgyzstan Uzbekistan Tajikistan", False),
        ("", False),
    ],
)
def test_english_is_told_from_vietnamese(text, english):
    """
    Names with marks make no Vietnamese of an English question, and foreign names no English of a Vietnamese one.
    """
    assert glossary().is_english(text) is english


@pytest.mark.parametrize("name", ["english-dev", "english-held-out", "english-law", "english-law-after"])
def test_the_english_questions_are_english(name):
    """
    Every one of the question sets.
    """
    lines = (Path(__file__).parents[2] / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()

    assert [question for line in lines if not glossary().is_english(question := json.loads(line)["question"])] == []


@pytest.mark.parametrize(
    ("one", "other"), [("Policies", "policy"), ("defense", "defence"), ("forces", "force"), ("centers", "centre")]
)
def test_english_spellings_share_a_key(one, other):
    """
    Number and side of the Atlantic do not matter.
    """
    assert english_key(one) == english_key(other)


def test_double_s_is_no_plural():
    """
    "address" keeps its end.
    """
    assert english_key("address") == "address"


@pytest.mark.parametrize(("form", "verb"), [("planned", "plan"), ("carried", "carry"), ("agreed", "agree")])
def test_endings_change_the_spelling(form, verb):
    """
    A doubled consonant, a y that became i and a dropped e are one stem.
    """
    assert english_stem(form) == english_stem(verb)


@given(st.lists(st.sampled_from("Defence policy, of the ministers meeting signed UN 2022 . Hà".split()), max_size=9))
def test_spans_are_what_was_typed(words):
    """
    Whatever is typed, each span holds its term and begins after the one before it.
    """
    text = " ".join(words)

    terms = glossary().terms(text)

    assert all(text[term.start : term.end] == term.typed for term in terms)
    assert all(a.end <= b.start for a, b in pairwise(terms))
