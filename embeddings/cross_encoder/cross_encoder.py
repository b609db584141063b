"""
A cross-encoder without its engine: questions and texts in, log odds out.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from embeddings.cross_encoder.pair_input import pair_ids, text_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings.bundled.word_table import WordTable
    from embeddings.vectors import Vectors

SEGMENT = "segment"  # the weight that is added to the word rows of the text's tokens


class CrossEncoder(ABC):
    """
    Judges whether texts answer a question; thread-safe.

    Args:
        words: the bundled model's.
        segment: (dim,) float32, what tells the text's tokens from the question's.
    """

    running: str  # what runs it, for people

    def __init__(self, words: WordTable, segment: Vectors) -> None:
        self._words = words
        self._segment = segment
        self._lock = threading.Lock()

    def log_odds(self, question: str, texts: Sequence[str]) -> Vectors:
        """
        The log odds that each text answers the question, (n,) float32, in the order of `texts`.

        Of a question the first 44 tokens are read, of a text what fits into 200 with it.
        """
        if not texts:
            return np.zeros(0, np.float32)
        with self._lock:
            asked, *tokenized = self._tokenize((question, *texts))
            words, mask = self._words.lookup([pair_ids(asked, text) for text in tokenized])
            words[:, text_start(asked) :] += self._segment
            return self._run(words, mask)

    @abstractmethod
    def _tokenize(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """The piece ids of each text as `<s> … </s>`."""

    @abstractmethod
    def _run(self, words: Vectors, mask: Vectors) -> Vectors:
        """The log odds of each pair, (pairs,) float32."""
