"""
The nearness of a passage to a question: how well one stretch of it, about a sentence long, meets the question's tokens.

ColBERT's sum lets each token of the question take its match from anywhere in the passage. An answer has them side by
side. (A second stretch, of a window's length, brings 0.002 on two of three sets, and costs the seeds, from which no
weight was learned, two questions of 26 in the first three.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from retrieval.index.tokens import BLOCK

Met = NDArray[np.float32]  # (blocks, tokens): see `TokenChannel.nearest`
_STRETCH = 24 // BLOCK  # blocks
_LEAST = 1e-3  # of a token's spread: where all candidates meet all tokens alike, the weights are what they were


def nearness(weights: NDArray[np.float32], met: Sequence[Met]) -> list[float]:
    """
    For each candidate the weighed mean, over the question's tokens, of the cosine with the nearest token of the
    candidate's best stretch: in [-1, 1], 0 where one side has no tokens.

    `weights`: (tokens,) float32, sum to 1. A token that all candidates meet alike does not tell them apart, and
    counts less: each weight is multiplied by the root of its token's spread over the candidates.
    """
    if not len(weights) or not met:
        return [0.0 for _ in met]
    spread = np.array([blocks.max(axis=0, initial=-1.0) for blocks in met]).std(axis=0)
    telling = weights * np.sqrt(spread + _LEAST)
    telling /= telling.sum()
    return [_best(blocks, telling) for blocks in met]


def of_best_reading(weights: Sequence[NDArray[np.float32]], met: Sequence[Met]) -> list[float]:
    """
    Of each candidate the best `nearness` that any reading of the question gives. `weights` are those of each reading,
    `met` is (blocks, tokens of all readings, one after the other): what costs is to read a candidate's tokens, once.
    """
    ends = np.cumsum([len(each) for each in weights])[:-1]
    apart = [np.split(blocks, ends, axis=1) for blocks in met]
    readings = [nearness(each, [parts[n] for parts in apart]) for n, each in enumerate(weights)]
    return [max(same) for same in zip(*readings, strict=True)]


def _best(blocks: Met, weights: NDArray[np.float32]) -> float:
    if not len(blocks):
        return 0.0
    if len(blocks) <= _STRETCH:
        return float(blocks.max(axis=0) @ weights)
    return float((sliding_window_view(blocks, _STRETCH, axis=0).max(axis=-1) @ weights).max())
