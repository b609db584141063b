"""The weights of a question's tokens, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings import Tokens
from retrieval.index.scoring.field_query import Field
from retrieval.ranking.token_weights import weigh_tokens

RARITY = {"hai": 1.0, "quan": 3.0, "ai": 5.0}


def idf(_: Field, term: str) -> float:
    return RARITY[term]


def tokens(*spans: tuple[int, int]) -> Tokens:
    return Tokens(np.zeros((len(spans), 2), np.float32), spans)


def test_a_token_weighs_as_much_as_its_word_is_rare() -> None:
    """1 and 3 of 4; a span may begin with the blank before the word."""
    weighed = weigh_tokens("hải quân", tokens((0, 3), (3, 8)), idf)

    assert weighed.weights.tolist() == pytest.approx([0.25, 0.75])


def test_both_pieces_of_a_word_weigh_as_the_word() -> None:
    """A tokenizer may cut "quân" in two."""
    weighed = weigh_tokens("hải quân", tokens((0, 3), (4, 6), (6, 8)), idf)

    assert weighed.weights.tolist() == pytest.approx([1 / 7, 3 / 7, 3 / 7])


def test_asking_words_and_signs_weigh_least() -> None:
    """ "ai" is rare in the documents, but only asks; so does "?"."""
    weighed = weigh_tokens("hải quân là ai?", tokens((4, 8), (12, 14), (14, 15)), idf)

    assert weighed.weights.tolist() == pytest.approx([3 / 4, 0.5 / 4, 0.5 / 4])


def test_english_words_that_say_nothing_weigh_least() -> None:
    """ "the" is in no document, which makes it no rare word."""
    weighed = weigh_tokens("the decree", tokens((0, 3), (4, 10)), lambda _, __: 4.5)

    assert weighed.weights.tolist() == pytest.approx([0.1, 0.9])


def test_a_text_without_tokens_has_no_weights() -> None:
    """An encoder may know none of the characters."""
    assert weigh_tokens("hải", tokens(), idf).weights.shape == (0,)
