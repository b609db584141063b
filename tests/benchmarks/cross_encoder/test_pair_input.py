"""The input of the cross-encoder: what is read of a question and of a text."""

from __future__ import annotations

from tests.benchmarks.cross_encoder.pair_input import MAX_QUESTION_TOKENS, MAX_TOKENS, pair_ids, text_start


def test_a_pair_is_joined_as_the_model_was_trained() -> None:
    """`<s> question </s></s> text </s>` of XLM-RoBERTa."""
    assert pair_ids([0, 10, 11, 2], [0, 20, 2]) == [0, 10, 11, 2, 2, 20, 2]


def test_the_text_begins_with_the_second_end_mark() -> None:
    """As in training."""
    asked = [0, 10, 11, 2]

    assert pair_ids(asked, [0, 20, 2])[text_start(asked) :] == [2, 20, 2]


def test_a_long_question_leaves_room_for_the_text() -> None:
    """Whatever somebody pastes, the passage is still read."""
    asked, text = [0, *range(100, 400), 2], [0, *range(500, 900), 2]

    ids = pair_ids(asked, text)

    assert len(ids) == MAX_TOKENS
    assert ids[: text_start(asked)] == [0, *range(100, 100 + MAX_QUESTION_TOKENS), 2]
    assert ids[text_start(asked) : text_start(asked) + 2] == [2, 500]
