"""
Late interaction: a passage's MaxSim score, over its best stretch of about a sentence.

ColBERT lets each question token match anywhere in the passage; in an answer the matches stand side by side. (A second
stretch, of a window's length, gains 0.002 on two of three sets, and loses two of 26 questions in the first three on the
seeds, from which no weight was learned.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index.scoring.token_codes import BLOCK, BlockSimilarities

_STRETCH = 24 // BLOCK  # blocks
_LEAST = 1e-3  # of a token's spread: keeps the weights when all candidates match all tokens equally


def maxsim_scores(weights: Sequence[NDArray[np.float32]], similarities: BlockSimilarities) -> list[float]:
    """
    Each candidate's score: the weighted mean of its best stretch's cosines with a reading's tokens.

    In [-1, 1], 0 where either side has no tokens; the best reading counts. A token that all candidates match equally
    well does not tell them apart, so each weight is multiplied by the root of its token's spread over the candidates.

    Args:
        weights: of each reading (tokens,) float32, summing to 1.
        similarities: with the tokens of all readings, one after the other.
    """
    near = np.zeros(len(similarities.counts))
    holding = np.flatnonzero(similarities.counts)
    if not len(holding):
        return near.tolist()
    ends = np.cumsum(similarities.counts[holding])
    starts = ends - similarities.counts[holding]
    best = np.full((len(near), similarities.blocks.shape[1]), -1.0, np.float32)
    best[holding] = np.maximum.reduceat(similarities.blocks, starts, axis=0)
    spread = best.std(axis=0)
    stretches = _stretches(similarities.blocks, np.repeat(ends - 1, similarities.counts[holding]))
    tokens = np.split(np.arange(similarities.blocks.shape[1]), np.cumsum([len(each) for each in weights])[:-1])
    readings = [
        np.maximum.reduceat(_weighed(stretches[:, own], each, spread[own]), starts)
        for each, own in zip(weights, tokens, strict=True)
        if len(each)
    ]
    if readings:
        near[holding] = np.max(readings, axis=0)
    return near.tolist()


def _stretches(blocks: NDArray[np.float32], lasts: NDArray[np.int64]) -> NDArray[np.float32]:
    """
    The best cosines of each stretch, a block and those after it: (blocks, tokens).

    Stretches stay within their passage. Those cut short by its end add nothing to the one before them.
    """
    places = np.arange(len(blocks))
    stretches = blocks.copy()
    for further in range(1, _STRETCH):
        np.maximum(stretches, blocks[np.minimum(places + further, lasts)], out=stretches)
    return stretches


def _weighed(
    stretches: NDArray[np.float32], weights: NDArray[np.float32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    """
    The weighted mean of each stretch's cosines: (stretches, tokens) -> (stretches,).

    Summed by row, since a matrix product depends on the row's position.
    """
    telling = weights * np.sqrt(spread + _LEAST)
    telling /= telling.sum()
    weighed: NDArray[np.float32] = (stretches * telling).sum(axis=1)
    return weighed
