"""A real, tiny encoder in the place of the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import PassageVectors, Tokens
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold


class BagEncoder:
    """
    An `Encoder` without a model: each folded syllable has a fixed random direction, a text is their sum.

    Texts that share words are near each other, equal texts are equal, and the order of words is lost, as a
    caricature of a dense model.
    """

    name = "bag"
    dim = 64
    precision = "float32"
    dimensions = None
    passages_at_once = 256
    running = "a sum of random directions, on cpu"
    max_tokens = 1_000_000

    def __init__(self, fingerprint: str = "bag/1") -> None:
        self.fingerprint = fingerprint
        self.encoded = 0  # texts that were paid for

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dim)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += len(texts)
        if progress:
            progress(len(texts))
        return self.encode_queries(texts)

    @property
    def token_fingerprint(self) -> str:
        return f"{self.fingerprint}/words"

    def encode_query_tokens(self, text: str) -> Tokens:
        words = list(WORD.finditer(text))
        vectors = self.encode_queries([word[0] for word in words])
        return Tokens(vectors, tuple((word.start(), word.end()) for word in words))

    def mixes_with(self, token_fingerprint: str) -> bool:
        return token_fingerprint == self.token_fingerprint

    def is_model_of(self, fingerprint: str) -> bool:
        return fingerprint == self.fingerprint

    def read_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        vectors = self.encode_passages(texts, progress=progress)
        tokens = (self.encode_query_tokens(text).vectors for text in texts)
        return list(map(PassageVectors, vectors, tokens))

    def _vector(self, text: str) -> NDArray[np.float32]:
        total = np.full(self.dim, 1e-3, dtype=np.float32)
        for word in WORD.findall(fold(text)):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
            total += np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        return total / np.linalg.norm(total)
