"""
BM25 exactly as Tantivy computes it, for scoring passages that it did not return.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
_EXACT_TO = 24  # terms; longer lengths keep four significant bits of the rest
_BITS = 4


def idf(passages: int, frequency: int) -> float:
    """The idf, as in Lucene, of a term that `frequency` passages hold."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def saturation(counts: NDArray[np.int64], lengths: NDArray[np.int32], average: float) -> NDArray[np.float64]:
    """
    The term frequency part of BM25, in units of the term's idf.

    tf (k1 + 1) / (tf + k1 (1 - b + b length / average)), Robertson & Zaragoza 2009, eq. 3.15. `counts` is (terms,
    passages), `lengths` (passages,) in terms, `average` the mean length of all passages.
    """
    damped = K1 * (1 - B) + K1 * B / average * stored_length(lengths)
    worth: NDArray[np.float64] = counts * (K1 + 1) / (counts + damped)
    return worth


def stored_length(lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """
    The lengths as Tantivy stores them, in a byte each (Lucene's SmallFloat, `intToByte4`).

    Example: 23 -> 23, 41 -> 40, 281 -> 280
    """
    beyond = np.maximum(lengths - _EXACT_TO, 0)
    _, bits = np.frexp(beyond)
    lost = np.maximum(bits - _BITS, 0)
    kept: NDArray[np.int32] = np.minimum(lengths, _EXACT_TO) + (beyond >> lost << lost)
    return kept
