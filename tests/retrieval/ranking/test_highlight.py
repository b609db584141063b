"""Highlights: which terms a sentence holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.analyzer import analyze
from retrieval.language.sentence import split_sentences
from retrieval.ranking.highlight import Highlighter

WORDS = (
    "đơn",
    "Đơn",
    "don",
    "vị",
    "vi",
    "hòa",
    "hoà",
    "họp",
    "29/7/2022",
    "104/2012/NĐ-CP",
    "ngày 29 tháng 7",
    "số 3.",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@given(TEXTS, TEXTS, TEXTS)
def test_the_sentence_with_most_of_the_question_is_chosen(question: str, one: str, other: str) -> None:
    """Counted over all terms of both, as the analyzer gives them: syllables, pairs, numbers and dates."""
    text = f"{one}\n{other}"
    terms = analyze(question)
    wanted = {*terms.folded, *terms.exact}

    start, end = Highlighter("từ", terms, lambda _, __: 1.0).answering_sentence(text, ())

    counts = {
        (sentence.start, sentence.end): len(wanted & {*own.folded, *own.exact})
        for sentence in split_sentences(text)
        for own in [analyze(text[sentence.start : sentence.end])]
    }
    assert counts[start, end] == max(counts.values())


@pytest.mark.parametrize(
    ("question", "text", "chosen"),
    [
        ("hôm 29/7", "Hôm 29 7.\nHôm 29/7.", "Hôm 29/7."),
        ("hòa", "Hóa đơn.\nHoà giải.", "Hoà giải."),
    ],
)
def test_dates_and_diacritics_decide(question: str, text: str, chosen: str) -> None:
    """Where the words without diacritics are the same."""
    terms = analyze(question)

    start, end = Highlighter("từ", terms, lambda _, __: 1.0).answering_sentence(text, ())

    assert text[start:end] == chosen
