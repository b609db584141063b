"""Dates in English words."""

import pytest

from retrieval.language.analyzer import entity_tokens
from retrieval.language.english_date import english_dates


def dates(text):
    return frozenset(token for token in entity_tokens(text) if token.startswith("@"))


@pytest.mark.parametrize(
    ("text", "typed", "same"),
    [
        ("online conference on 14 April", "14 April", "14/4"),
        ("on April 14th, 2022?", "April 14th, 2022", "14/4/2022"),
        ("the 3rd of Sept 1945", "3rd of Sept 1945", "3/9/1945"),
        ("in July 2022", "July 2022", "7/2022"),
        ("29 JULY 2022", "29 JULY 2022", "29/7/2022"),
    ],
)
def test_a_date_meets_the_documents_spelling(text, typed, same):
    """
    In both of its wordings it gives the date tokens that the same date gives in figures.
    """
    (date,) = english_dates(text)

    assert (date.typed, text[date.start : date.end]) == (typed, typed)
    assert {dates(wording) for wording in date.vietnamese} == {dates(same)}


@pytest.mark.parametrize("text", ["May they march?", "in 2022", "32 August", "decision 14 maybe", "a march of 20 km"])
def test_a_month_without_a_day_or_year_is_a_word(text):
    """
    "may" and "march" are verbs.
    """
    assert english_dates(text) == []
