"""Late interaction and its packed vectors, against brute force in float32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.vectors import unit_rows
from retrieval.errors import DamagedIndex
from retrieval.index.tokens import ENDS, TokenChannel, WeighedTokens, pack, unpack


def unit(seed: int, tokens: int, dim: int = 128) -> NDArray[np.float32]:
    return unit_rows(np.random.default_rng(seed).standard_normal((tokens, dim)).astype(np.float32))


def reading(vectors: NDArray[np.float32], *weights: float) -> WeighedTokens:
    return WeighedTokens(vectors, np.array(weights, np.float32))


def test_a_packed_vector_comes_back_to_within_half_a_step() -> None:
    """Sixteen levels between -3.3 and 3.3 deviations: half a step is 3.3 / 16 deviations."""
    vectors = unit(0, 50)
    inside = np.abs(vectors) < 3.3 / np.sqrt(128)

    wrong = np.abs(unpack(pack(vectors)) - vectors)

    assert wrong[inside].max() <= 3.3 / 16 / np.sqrt(128) + 1e-6


def test_two_dimensions_share_a_byte() -> None:
    """128 dimensions are 64 bytes."""
    assert pack(unit(0, 3)).shape == (3, 64)


def test_a_score_is_the_weighed_mean_of_the_best_matches(tmp_path: Path) -> None:
    """As MaxSim in float32 says, written out."""
    passages, question = [unit(1, 30), unit(2, 7)], unit(3, 2)
    TokenChannel.write(tmp_path, [pack(vectors) for vectors in passages])

    scores = TokenChannel.open(tmp_path).score([reading(question, 0.75, 0.25)], [1, 0])

    for row, vectors in enumerate(passages):
        best = [max(float(token @ other) for other in vectors) for token in question]
        assert scores[row] == pytest.approx(0.75 * best[0] + 0.25 * best[1], abs=0.03)


def test_scores_are_those_of_the_unpacked_vectors(tmp_path: Path) -> None:
    """The short cut over levels changes nothing but the order of the sums."""
    codes, question = pack(unit(8, 40)), unit(9, 6)
    weights = np.arange(1, 7, dtype=np.float32) / 21
    TokenChannel.write(tmp_path, [codes])

    scores = TokenChannel.open(tmp_path).score([WeighedTokens(question, weights)], [0])

    assert scores[0] == pytest.approx(float(weights @ (question @ unpack(codes).T).max(axis=1)), abs=1e-5)


def test_a_passage_that_holds_the_tokens_scores_one(tmp_path: Path) -> None:
    """Up to the packing."""
    vectors = unit(4, 5)
    TokenChannel.write(tmp_path, [pack(vectors)])

    scores = TokenChannel.open(tmp_path).score([reading(vectors[:2], 0.5, 0.5)], [0])

    assert scores[0] == pytest.approx(1, abs=0.02)


def test_the_best_reading_counts(tmp_path: Path) -> None:
    """One reading stands in the passage, the other is its opposite."""
    vectors = unit(5, 1)
    TokenChannel.write(tmp_path, [pack(vectors)])

    scores = TokenChannel.open(tmp_path).score([reading(-vectors, 1.0), reading(vectors, 1.0)], [0])

    assert scores[0] > 0.9


def test_a_passage_without_tokens_scores_nothing(tmp_path: Path) -> None:
    """Nor does it shift those after it."""
    vectors = unit(6, 1)
    TokenChannel.write(tmp_path, [pack(vectors[:0]), pack(vectors)])

    scores = TokenChannel.open(tmp_path).score([reading(vectors, 1.0)], [0, 1])

    assert scores[0] == 0.0
    assert scores[1] > 0.9


def test_tokens_that_belong_to_no_passage_are_damage(tmp_path: Path) -> None:
    """A score of the wrong passage would look like any other."""
    TokenChannel.write(tmp_path, [pack(unit(7, 4))])
    np.save(tmp_path / ENDS, np.array([3]))

    with pytest.raises(DamagedIndex, match="found 4 tokens where the last passage ends at 3"):
        TokenChannel.open(tmp_path)
