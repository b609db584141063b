"""
Weights of a question's tokens in late interaction, by the idf of their words.

Unweighted, "là" and "của" count as much as the name that is asked about; weighting accounts for half of late
interaction's gain on the development sets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import Tokens
from retrieval.index.scoring.field_query import Field
from retrieval.language.analyzer import WORD
from retrieval.language.glossary import glossary
from retrieval.language.spelling import folded_key
from retrieval.question.question_words import without_asking_words

_LEAST = 0.5  # in units of idf: for punctuation and asking words


@dataclass(frozen=True, slots=True)
class WeightedTokens:
    """
    A reading of the question: `vectors` (tokens, dim) float32 unit rows.

    `weights` (tokens,) float32 sum to 1.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]


def weigh_tokens(text: str, tokens: Tokens, idf: Callable[[Field, str], float]) -> WeightedTokens:
    """Weigh the tokens of a reading of the question."""
    words = list(WORD.finditer(text))
    starts = [word.start() for word in words]
    telling = {folded_key(word) for word in WORD.findall(without_asking_words(text))}
    if glossary().is_english(text):
        telling = {key for key in telling if not glossary().is_silent(key)}
    weights = np.full(len(tokens.spans), _LEAST, np.float32)
    for place, (_, end) in enumerate(tokens.spans):
        # A token's span may begin with the space before its word, so its last character decides.
        number = bisect_right(starts, end - 1) - 1
        if number >= 0 and end <= words[number].end():
            key = folded_key(words[number][0])
            weights[place] = max(_LEAST, idf("folded", key)) if key in telling else _LEAST
    return WeightedTokens(tokens.vectors, weights / max(float(weights.sum()), _LEAST))
