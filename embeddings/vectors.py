"""
Vector types and arithmetic shared by the encoders.
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
    """Tokens of a text: `vectors` (tokens, token_dim) float32, unit rows, and their spans."""

    vectors: Vectors
    spans: tuple[tuple[int, int], ...]


class TokenStates(NamedTuple):
    """Model output: `states` (tokens, dim) float32, `spans` in characters, `special` 1 or 0."""

    states: Vectors
    spans: Sequence[tuple[int, int]]
    special: Sequence[int]


class PassageVectors(NamedTuple):
    """Unit `vector` (dim,) float32 and `tokens` (tokens, token_dim) float32, unit rows."""

    vector: Vectors
    tokens: Vectors


def unit_rows(vectors: Vectors) -> Vectors:
    """(n, dim) float32 -> each row divided by its length; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return scaled


def mean_rows(states: Vectors, texts: Sequence[Sequence[int]]) -> Vectors:
    """(texts, tokens, dim) -> (texts, dim): the mean over each text's tokens without padding."""
    means = [rows[: len(ids)].mean(axis=0) for rows, ids in zip(states, texts, strict=True)]
    return np.array(means, np.float32).reshape(len(texts), states.shape[2])


def own_tokens(
    states: Vectors, spans: Sequence[tuple[int, int]], special: Sequence[int], prompt: str
) -> tuple[Vectors, tuple[tuple[int, int], ...]]:
    """
    The rows of `states` (tokens, dim) of the text itself, and their spans in it.

    `spans[i]` is token i's span in prompt + text, `special[i]` is 1 for special tokens. The blank at the end of a
    prompt belongs to the text's first token in some tokenizers and to none in others, hence the `rstrip`.
    """
    own = own_token_mask(spans, special, prompt)
    return states[own], own_token_spans(spans, own, prompt)


def own_token_mask(spans: Sequence[tuple[int, int]], special: Sequence[int], prompt: str) -> NDArray[np.bool_]:
    """
    Which tokens of prompt + text are the text's own: see `own_tokens`.

    Some tokenizers make one token of the prompt's last character and the text's first word (":Ai"): it is the text's.
    """
    begin, text = len(prompt.rstrip()), len(prompt)
    own = [
        not is_special and (start >= begin or end > text)
        for (start, end), is_special in zip(spans, special, strict=True)
    ]
    return np.array(own, dtype=bool)


def own_token_spans(
    spans: Sequence[tuple[int, int]], own: NDArray[np.bool_], prompt: str
) -> tuple[tuple[int, int], ...]:
    """The spans of the text's own tokens in the text, without the prompt."""
    kept = (span for span, is_own in zip(spans, own, strict=True) if is_own)
    return tuple((max(start - len(prompt), 0), end - len(prompt)) for start, end in kept)
