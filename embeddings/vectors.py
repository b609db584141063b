"""
What the encoders do with the numbers that come out of a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: `vectors` (tokens, token_dim) float32, unit rows, and each one's place in the text."""

    vectors: Vectors
    spans: tuple[tuple[int, int], ...]


class TokenStates(NamedTuple):
    """A text as the model saw it: `states` (tokens, dim) float32; `spans` in characters; `special` 1 or 0."""

    states: Vectors
    spans: Sequence[tuple[int, int]]
    special: Sequence[int]


class PassageVectors(NamedTuple):
    """What is kept of a passage: `vector` (dim,) float32, a unit one, and `tokens` (tokens, token_dim), unit rows."""

    vector: Vectors
    tokens: Vectors


def unit_rows(vectors: Vectors) -> Vectors:
    """(n, dim) float32 -> each row divided by its length. A row of zeros stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def mean_rows(states: Vectors, texts: Sequence[Sequence[int]]) -> Vectors:
    """(texts, tokens, dim) -> (texts, dim): the mean over each text's own tokens, without the padding behind them."""
    means = [rows[: len(ids)].mean(axis=0) for rows, ids in zip(states, texts, strict=True)]
    return np.array(means, np.float32).reshape(len(texts), states.shape[2])


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
