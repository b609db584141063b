"""Nearness, against sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.scoring.late_interaction import maxsim_scores
from retrieval.index.scoring.token_codes import BlockSimilarities

EVEN = np.array([0.5, 0.5], np.float32)


def similarities(*passages: np.ndarray) -> BlockSimilarities:
    """As the token channel gives it: one passage's blocks after the other's."""
    return BlockSimilarities(np.concatenate(passages), np.array([len(blocks) for blocks in passages]))


def blocks(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 2)


def test_matches_side_by_side_count_more_than_matches_far_apart() -> None:
    """Both passages meet both tokens with 0.8, one of them within three blocks."""
    poor = [(0.1, 0.1)] * 20
    together = blocks(*poor, (0.8, 0.1), (0.1, 0.8), *poor)
    apart = blocks((0.8, 0.1), *poor, (0.1, 0.8))

    assert maxsim_scores([EVEN], similarities(together, apart)) == pytest.approx([0.8, 0.45])


def test_a_stretch_is_three_blocks() -> None:
    """Two blocks apart is one stretch, three is not."""
    within = blocks((0.9, 0.1), (0.1, 0.1), (0.1, 0.9), (0.1, 0.1))
    beyond = blocks((0.9, 0.1), (0.1, 0.1), (0.1, 0.1), (0.1, 0.9))

    assert maxsim_scores([EVEN], similarities(within, beyond)) == pytest.approx([0.9, 0.5])


def test_a_token_that_all_candidates_meet_alike_counts_less() -> None:
    """The first token is everywhere; the second tells the candidates apart, so the one that lacks it loses."""
    first, second = maxsim_scores([EVEN], similarities(blocks((0.9, 0.9)), blocks((0.9, 0.3))))
    # The spreads are 0 and 0.3, each with 0.001 added, and the root of it taken.
    common, telling = 0.001**0.5, 0.301**0.5

    assert first == pytest.approx(0.9, abs=1e-6)
    assert second == pytest.approx((common * 0.9 + telling * 0.3) / (common + telling), abs=1e-6)


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40))
def test_a_single_token_is_as_near_as_its_nearest(cosines: list[float]) -> None:
    """One weight is all the weight there is, whatever its spread."""
    passage = np.array(cosines, np.float32)[:, None]

    assert maxsim_scores([np.ones(1, np.float32)], similarities(passage)) == pytest.approx([max(cosines)], abs=1e-6)


def test_a_passage_without_tokens_is_not_near() -> None:
    """And does not keep the others from being weighed."""
    assert maxsim_scores([EVEN], similarities(blocks(), blocks((0.7, 0.7)))) == pytest.approx([0.0, 0.7])


def test_a_question_without_tokens_is_near_to_nothing() -> None:
    """There is nothing to weigh."""
    assert maxsim_scores([np.zeros(0, np.float32)], similarities(np.zeros((3, 0), np.float32))) == [0.0]


def test_without_candidates_nothing_is_near() -> None:
    """As in a collection that holds no passage."""
    assert maxsim_scores([EVEN], BlockSimilarities(blocks(), np.zeros(0, np.int64))) == []


def test_the_best_reading_counts() -> None:
    """For each candidate by itself: the one meets the tokens of the second reading, the other that of the first."""
    one, two = np.array([1.0], np.float32), EVEN
    first, second = np.array([[0.2, 0.3, 0.5]], np.float32), np.array([[0.6, 0.1, 0.3]], np.float32)
    alone = [
        maxsim_scores([one], similarities(first[:, :1], second[:, :1])),
        maxsim_scores([two], similarities(first[:, 1:], second[:, 1:])),
    ]

    found = maxsim_scores([one, two], similarities(first, second))

    assert found == pytest.approx([max(pair) for pair in zip(*alone, strict=True)])
    assert found == pytest.approx([0.4, 0.6], abs=0.02)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 9))
def test_equal_passages_are_equally_near(counts: list[int], twin: int) -> None:
    """To the last bit, wherever they stand: which of them is shown must not depend on what stands between them."""
    rng = np.random.default_rng(twin)
    copy, *others = [rng.random((count, 5), np.float32) for count in (twin, *counts)]
    weights = [np.array([0.7, 0.3], np.float32), np.array([0.2, 0.3, 0.5], np.float32)]

    first, *_, last = maxsim_scores(weights, similarities(copy, *others, copy))

    assert first == last
