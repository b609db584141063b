"""Chat shorthand in questions: a closed list of whole lower-case words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.shorthand import Replacement, expand_shorthand, load_shorthand


def test_shorthand_is_written_out():
    """
    Function words are written out, and each replacement is told.
    """
    text, replaced = expand_shorthand("ko rõ quy định ntn, có bn ng?")

    assert text == "không rõ quy định như thế nào, có bao nhiêu người?"
    assert replaced == [
        Replacement("ko", "không"),
        Replacement("ntn", "như thế nào"),
        Replacement("bn", "bao nhiêu"),
        Replacement("ng", "người"),
    ]


def test_a_question_may_end_in_k():
    """
    "được k?" asks "được không?".
    """
    assert expand_shorthand("có được k?")[0] == "có được không?"


@pytest.mark.parametrize(
    "text",
    ["giá 5k", "giá 5 k", "60 km/k", "KO", "Vs", "R&D", "r&d", "k-9", "www.ko.vn", "sông hong", "dk", "j2", "bnx"],
)
def test_what_may_mean_something_else_stays(text):
    """
    Units, capitals, codes, addresses, syllables and ambiguous forms are not shorthand.
    """
    assert expand_shorthand(text) == (text, [])


@given(st.text())
def test_text_without_shorthand_is_unchanged(text):
    """
    Nothing is replaced without being told.
    """
    result, replaced = expand_shorthand(text)

    assert replaced or result == text


@given(st.sampled_from(sorted(load_shorthand().values())))
def test_what_is_written_out_is_final(meaning):
    """
    A meaning holds no shorthand itself.
    """
    assert expand_shorthand(meaning) == (meaning, [])
