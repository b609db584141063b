"""Late interaction and its packed vectors, against brute force in float32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.vectors import unit_rows
from retrieval.errors import DamagedIndex
from retrieval.index.local.dense.token_vectors import ENDS, TokenChannel
from retrieval.index.scoring.token_codes import BLOCK, BlockSimilarities, pack, unpack

Array = NDArray[np.float32]


def unit(seed: int, tokens: int, dim: int = 128) -> Array:
    return unit_rows(np.random.default_rng(seed).standard_normal((tokens, dim)).astype(np.float32))


def nearest(folder: Path, passages: list[Array], question: Array) -> list[Array]:
    """What the channel says of all passages, written to and read from a folder."""
    folder.mkdir(exist_ok=True)
    TokenChannel.write(folder, [pack(vectors) for vectors in passages])
    return apart(TokenChannel.open(folder).block_similarities(question, range(len(passages))))


def apart(similarities: BlockSimilarities) -> list[Array]:
    """Each passage's blocks."""
    return np.split(similarities.blocks, np.cumsum(similarities.counts)[:-1])


def test_a_packed_vector_comes_back_to_within_half_a_step() -> None:
    """Sixteen levels between -3.3 and 3.3 deviations: half a step is 3.3 / 16 deviations."""
    vectors = unit(0, 50)
    inside = np.abs(vectors) < 3.3 / np.sqrt(128)

    wrong = np.abs(unpack(pack(vectors)) - vectors)

    assert wrong[inside].max() <= 3.3 / 16 / np.sqrt(128) + 1e-6


def test_two_dimensions_share_a_byte() -> None:
    """128 dimensions are 64 bytes."""
    assert pack(unit(0, 3)).shape == (3, 64)


def test_each_block_is_met_by_its_nearest_token(tmp_path: Path) -> None:
    """As float32 says, written out; the last block of a passage may be a short one."""
    passages, question = [unit(1, 30), unit(2, 7)], unit(3, 2)

    found = nearest(tmp_path, passages, question)

    for blocks, vectors in zip(found, passages, strict=True):
        expected = [
            [max(float(token @ other) for other in vectors[start : start + BLOCK]) for token in question]
            for start in range(0, len(vectors), BLOCK)
        ]
        assert blocks == pytest.approx(np.array(expected), abs=0.04)


def test_cosines_are_those_of_the_unpacked_vectors(tmp_path: Path) -> None:
    """But for what the question loses to whole numbers: half of 1/8191 of its largest component, 128 times."""
    vectors, question = unit(8, 5), unit(9, 6)

    (blocks,) = nearest(tmp_path, [vectors], question)

    assert blocks == pytest.approx((question @ unpack(pack(vectors)).T).max(axis=1)[None], abs=5e-5)


def test_rows_may_be_asked_for_in_any_order(tmp_path: Path) -> None:
    """Each gets its own."""
    passages, question = [unit(1, 30), unit(2, 7), unit(4, 12)], unit(3, 2)
    one_by_one = nearest(tmp_path, passages, question)

    found = apart(TokenChannel.open(tmp_path).block_similarities(question, [2, 0]))

    assert np.array_equal(found[0], one_by_one[2])
    assert np.array_equal(found[1], one_by_one[0])


def test_many_passages_are_compared_as_one(tmp_path: Path) -> None:
    """To the last bit, beyond what is compared at a time: equal passages must be equally near."""
    passages, question = [unit(seed, 70 + 13 * seed) for seed in range(20)], unit(30, 9)

    together = nearest(tmp_path / "a", passages, question)
    alone = [
        apart(TokenChannel.open(tmp_path / "a").block_similarities(question, [row]))[0] for row in range(len(passages))
    ]

    assert sum(map(len, passages)) > 2048
    assert all(np.array_equal(*pair) for pair in zip(together, alone, strict=True))


def test_a_passage_without_tokens_has_no_blocks(tmp_path: Path) -> None:
    """Nor does it shift those after it."""
    vectors = unit(6, 1)

    first, second, third = nearest(tmp_path, [vectors[:0], vectors, vectors[:0]], vectors)

    assert (first.shape, third.shape) == ((0, 1), (0, 1))
    assert second[0, 0] == pytest.approx(1, abs=0.02)


def test_nothing_to_compare_with_is_no_error(tmp_path: Path) -> None:
    """An index whose passages hold no token at all."""
    (blocks,) = nearest(tmp_path, [unit(6, 0)], unit(7, 3))

    assert blocks.shape == (0, 3)


def test_a_question_without_tokens_meets_nothing(tmp_path: Path) -> None:
    """As one has that the tokenizer knows nothing of."""
    (blocks,) = nearest(tmp_path, [unit(6, 20)], unit(7, 0))

    assert blocks.shape == (3, 0)


def test_tokens_that_belong_to_no_passage_are_damage(tmp_path: Path) -> None:
    """A score of the wrong passage would look like any other."""
    TokenChannel.write(tmp_path, [pack(unit(7, 4))])
    np.save(tmp_path / ENDS, np.array([3]))

    with pytest.raises(DamagedIndex, match="found 4 tokens where the last passage ends at 3"):
        TokenChannel.open(tmp_path)
