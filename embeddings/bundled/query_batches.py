"""
Encode queries in batches: vectors and tokens from one run of the model.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from embeddings.batcher import Batcher
from embeddings.vectors import Tokens, TokenStates, own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from embeddings.projection import Projection
    from embeddings.vectors import Vectors

_CACHE_SIZE = 64  # texts: the few readings of each question in progress


class QueryBatcher:
    """
    Thread-safe query encoding: concurrent calls share a batch.

    Args:
        read: runs the model on texts with the prompt in front. Never called by two threads at a time.
        prompt: the prefix of each text.
        projection: of token states.
    """

    def __init__(self, read: Callable[[list[str]], Sequence[TokenStates]], prompt: str, projection: Projection) -> None:
        self._prompt = prompt
        self._projection = projection
        self._read = Batcher(read)
        self._guard = threading.Lock()
        self._cache: dict[str, TokenStates] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        means = [reading.states.mean(axis=0) for reading in self._token_states(texts)]
        return unit_rows(np.array(means, np.float32).reshape(-1, len(self._projection.mean)))

    def tokens(self, text: str) -> Tokens:
        """The text's tokens without prefix and special tokens."""
        (reading,) = self._token_states([text])
        own, places = own_tokens(reading.states, reading.spans, reading.special, self._prompt)
        return Tokens(self._projection(own), places)

    def _token_states(self, texts: Sequence[str]) -> list[TokenStates]:
        with self._guard:
            known = {text: self._cache[text] for text in texts if text in self._cache}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            fresh = dict(zip(missing, self._read([self._prompt + text for text in missing]), strict=True))
            known |= fresh
            with self._guard:
                kept = list({**self._cache, **fresh}.items())
                self._cache = dict(kept[-_CACHE_SIZE:])
        return [known[text] for text in texts]
