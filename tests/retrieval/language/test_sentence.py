"""Sentences: where they end in Vietnamese, and where they only seem to."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.sentence import split_sentences


def pieces(text: str, longest: int = 400) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text, longest=longest)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ông về. Bà ở lại.", ["Ông về.", "Bà ở lại."]),
        ("Đến TP. Hồ Chí Minh. Sau đó về.", ["Đến TP. Hồ Chí Minh.", "Sau đó về."]),
        ("Giá 1.234 đồng! Thật à?", ["Giá 1.234 đồng!", "Thật à?"]),
        ("1. Tiếp tục quán triệt. Đây là việc đầu.", ["1. Tiếp tục quán triệt.", "Đây là việc đầu."]),
        ("Và rồi... lại đi. Hết.", ["Và rồi... lại đi.", "Hết."]),
        ("Ông A. Nguyễn đến.", ["Ông A. Nguyễn đến."]),
        ("“Đúng.” Ông nói.", ["“Đúng.”", "Ông nói."]),
        ("Tên mục\nNội dung", ["Tên mục", "Nội dung"]),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, expected: list[str]) -> None:
    """Periods of abbreviations, numbers and enumerations do not end a sentence."""
    found = pieces(text)

    assert found == expected


def test_an_overlong_sentence_is_divided_at_its_semicolons() -> None:
    """A list packed into one sentence becomes its clauses, a short one stays whole."""
    text = "Gồm việc một; việc hai; việc ba."

    assert pieces(text, longest=20) == ["Gồm việc một;", "việc hai;", "việc ba."]
    assert pieces(text) == [text]


@given(st.text(st.sampled_from('aĐế .!?…;\n"”1A'), max_size=80))
def test_sentences_cover_all_words_in_order(text: str) -> None:
    """Nothing but white space lies between sentences, and none overlaps the next."""
    spans = split_sentences(text)

    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
