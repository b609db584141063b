"""
What both encoders do with the numbers that come out of a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: `vectors` (tokens, token_dim) float32, unit rows, and each one's place in the text."""

    vectors: Vectors
    spans: tuple[tuple[int, int], ...]


def unit_rows(vectors: Vectors) -> Vectors:
    """(n, dim) float32 -> each row divided by its length. A row of zeros stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def own_tokens(
    states: Vectors, spans: Sequence[tuple[int, int]], special: Sequence[int], prompt: str
) -> tuple[Vectors, tuple[tuple[int, int], ...]]:
    """
    The rows of `states` (tokens, dim) that stand for the text itself, and their places in it. `spans[i]` is token
    i's place in prompt + text, `special[i]` is 1 for `<s>` and its like. The blank that ends a prompt belongs to
    the text's first token in some tokenizers and to none in others, hence the `rstrip`.
    """
    begin = len(prompt.rstrip())
    own = [not is_special and start >= begin for (start, _), is_special in zip(spans, special, strict=True)]
    places = ((max(start - len(prompt), 0), end - len(prompt)) for start, end in spans)
    kept = tuple(place for place, is_own in zip(places, own, strict=True) if is_own)
    return states[np.array(own, dtype=bool)], kept
