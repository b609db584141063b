"""
Questions: what a question is asked for, its vector and then its tokens, from one run of the model.

Apart from the encoders because both ways through the bundled model share it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from embeddings.batcher import Batcher
from embeddings.vectors import Reading, Tokens, own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from embeddings.projection import Projection
    from embeddings.vectors import Vectors

_REMEMBERED = 64  # texts: the few readings of each question that is under way


class Questions:
    """
    Safe to ask from several threads: those who ask at once are read in one batch.

    Args:
        read: the model; each text comes with the prompt in front. Never called by two threads at a time.
        prompt: stands in front of each text and is no part of it.
        projection: of the states of tokens.
    """

    def __init__(self, read: Callable[[list[str]], Sequence[Reading]], prompt: str, projection: Projection) -> None:
        self._prompt = prompt
        self._projection = projection
        self._read = Batcher(read)
        self._guard = threading.Lock()
        self._remembered: dict[str, Reading] = {}

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        means = [reading.states.mean(axis=0) for reading in self._readings(texts)]
        return unit_rows(np.array(means, np.float32).reshape(-1, len(self._projection.mean)))

    def tokens(self, text: str) -> Tokens:
        """The text's own tokens, without prefix and special tokens."""
        (reading,) = self._readings([text])
        own, places = own_tokens(reading.states, reading.spans, reading.special, self._prompt)
        return Tokens(self._projection(own), places)

    def _readings(self, texts: Sequence[str]) -> list[Reading]:
        with self._guard:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            fresh = dict(zip(missing, self._read([self._prompt + text for text in missing]), strict=True))
            known |= fresh
            with self._guard:
                kept = list({**self._remembered, **fresh}.items())
                self._remembered = dict(kept[-_REMEMBERED:])
        return [known[text] for text in texts]
