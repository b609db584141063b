"""
Token vectors in four bits a dimension, and their similarity to a question's tokens.

ColBERT (Khattab & Zaharia 2020). On the development sets four bits rank as float32 does. `late_interaction` turns the
similarities into scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 8  # tokens: the step in which stretches of a passage are compared
Codes = NDArray[np.uint8]
_CHUNK = 1024  # tokens compared at a time, whose levels stay in the CPU cache
# Query components become integers up to this. With levels below 16 every sum over 128 dimensions is an integer below
# 2 ** 24, which float32 adds without rounding: the same in any order, on any processor.
_QUERY_LEVELS = 8191
# The components of a random unit vector in n dimensions have standard deviation 1 / sqrt(n). Clipping at 3.3 of them
# affects 1 in 1,000.
_CLIP_DEVIATIONS = 3.3


def pack(vectors: NDArray[np.float32]) -> Codes:
    """
    (tokens, dim) float32 unit rows -> (tokens, dim / 2) bytes, two dimensions each.

    `dim` is even.
    """
    step = _step(vectors.shape[1])
    levels = np.clip(np.floor(vectors / step) + 8, 0, 15).astype(np.uint8)
    packed: Codes = levels[:, 0::2] | (levels[:, 1::2] << 4)
    return packed


def unpack(codes: Codes) -> NDArray[np.float32]:
    """The inverse of `pack`, each component in the middle of its step."""
    levels = np.stack([codes & 15, codes >> 4], axis=2).reshape(len(codes), -1).astype(np.float32)
    vectors: NDArray[np.float32] = (levels - np.float32(7.5)) * np.float32(_step(levels.shape[1]))
    return vectors


def _step(dim: int) -> float:
    return _CLIP_DEVIATIONS / float(np.sqrt(dim)) / 8


@dataclass(frozen=True, slots=True)
class BlockSimilarities:
    """
    How similar a question's tokens are to several passages.

    `blocks` is (blocks, tokens) float32, the passages concatenated: the cosine, in [-1, 1], of each question token with
    the nearest token in each block of BLOCK neighbouring passage tokens. `counts` (passages,) int64 is the number of
    blocks of each passage, 0 for one without tokens.
    """

    blocks: NDArray[np.float32]
    counts: NDArray[np.int64]


def block_similarities(passages: Sequence[Codes], vectors: NDArray[np.float32]) -> BlockSimilarities:
    """
    Compare a question's tokens with passages.

    `passages`: the codes of each, (tokens, dim / 2) uint8; `vectors`: (tokens, dim) float32 unit rows, of one or
    several readings of the question.
    """
    counts = [-(-len(codes) // BLOCK) for codes in passages]
    width = passages[0].shape[1] if passages else 0
    padded = np.empty((sum(counts) * BLOCK, width), np.uint8)
    end = 0
    for codes, count in zip(passages, counts, strict=True):
        start, end = end, end + count * BLOCK
        padded[start : start + len(codes)] = codes
        padded[start + len(codes) : end] = codes[-1:]  # repeats do not change the maximum
    return BlockSimilarities(_block_maxima(padded, vectors), np.array(counts, np.int64))


def _block_maxima(codes: Codes, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    The best cosine of each question token in each block: see `BlockSimilarities`.

    (passage tokens, dim / 2) in whole blocks, (question tokens, dim) -> (blocks, question tokens).
    """
    scale = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), np.finfo(np.float32).tiny) / _QUERY_LEVELS
    quantized = np.rint(vectors / scale[:, None])
    blocks = np.empty((len(codes) // BLOCK, len(vectors)), np.float32)
    end = 0
    for sums in _level_products(codes, quantized):
        halved = sums.reshape(len(sums) // BLOCK, -1)
        for half in (BLOCK // 2, BLOCK // 4, BLOCK // 8):  # three times as fast as `max` over an axis
            halved = np.maximum(halved[:, : half * len(vectors)], halved[:, half * len(vectors) :])
        start, end = end, end + len(halved)
        blocks[start:end] = halved
    # For a component step * (level - 7.5): q . p = step * (q . levels - 7.5 * sum(q)).
    blocks -= np.float32(7.5) * quantized.sum(axis=1)
    blocks *= np.float32(_step(vectors.shape[1])) * scale
    return blocks


def _level_products(codes: Codes, quantized: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """
    The products of levels and integer query components, (tokens, question tokens), chunk by chunk.

    The arrays are overwritten by the next chunk; allocating each anew would take half the time.
    """
    even, odd = np.ascontiguousarray(quantized[:, 0::2].T), np.ascontiguousarray(quantized[:, 1::2].T)
    levels = np.empty((min(_CHUNK, len(codes)), codes.shape[1]), np.float32)
    sums, others = (np.empty((len(levels), len(quantized)), np.float32) for _ in range(2))
    for start in range(0, len(codes), _CHUNK):
        chunk = codes[start : start + _CHUNK]
        here = slice(len(chunk))
        np.copyto(levels[here], chunk & 15)
        np.matmul(levels[here], even, out=sums[here])
        np.copyto(levels[here], chunk >> 4)
        np.matmul(levels[here], odd, out=others[here])
        sums[here] += others[here]
        yield sums[here]
