"""
Encodes queries for the dense channel and late interaction; loads the model on first use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, WantedEngine, load_encoder
from retrieval.errors import IndexMismatch
from retrieval.index.generations.generation import Manifest
from retrieval.index.lexical.field_query import Field
from retrieval.question.query import Query
from retrieval.ranking.token_weights import WeightedTokens, weigh_tokens


class QueryEncoder:
    """
    Encodes queries; thread-safe.

    Args:
        encoder: by default loaded on first use, as that index's manifest says.
        engine: runs an encoder that is loaded here.
    """

    def __init__(self, encoder: Encoder | None, engine: WantedEngine) -> None:
        self._encoder = encoder
        self._engine = engine
        self._loading = threading.Lock()

    def warm_up(self, manifest: Manifest) -> None:
        """Load the model and encode something."""
        self._vectors(manifest, ("khởi động",))

    def mixes_with(self, manifest: Manifest, token_fingerprint: str) -> bool:
        """Whether the encoder of an index is also the one that another token fingerprint names."""
        return self._encoder_for(manifest).mixes_with(token_fingerprint)

    def dense_vectors(self, manifest: Manifest, query: Query) -> NDArray[np.float32]:
        """
        The dense vectors, (readings, dim) float32 unit rows.

        The first is averaged with the official text's.
        """
        if query.gloss:
            return _mean_direction(self._vectors(manifest, query.readings))
        if not query.official_text:
            return self._vectors(manifest, query.readings)
        *typed, official = self._vectors(manifest, (*query.readings, query.official_text))
        return np.stack([_mean_direction(np.stack([typed[0], official]))[0], *typed[1:]])

    def token_vectors(
        self, manifest: Manifest, query: Query, idf: Callable[[Field, str], float]
    ) -> list[WeightedTokens]:
        """The weighted token vectors of each reading, which `dense_vectors` has already encoded."""
        encoder = self._encoder_for(manifest)
        return [weigh_tokens(text, encoder.encode_query_tokens(text), idf) for text in query.readings]

    def _vectors(self, manifest: Manifest, readings: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder_for(manifest).encode_queries(readings)

    def _encoder_for(self, manifest: Manifest) -> Encoder:
        """The encoder, if its vectors are compatible with the index; else IndexMismatch."""
        with self._loading:
            if self._encoder is None:
                self._encoder = load_encoder(manifest.model, engine=self._engine, precision=manifest.precision)
        if not self._encoder.mixes_with(manifest.token_fingerprint):
            raise IndexMismatch(
                f"the index was built with {manifest.token_fingerprint}, this encoder is "
                f"{self._encoder.token_fingerprint}: run `trichdan index --rebuild`, or choose the model with --model"
            )
        return self._encoder


def _mean_direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    The normalized mean of two directions, (1, dim).

    One is a question's, the other its gloss's or its official text's. The one knows what is asked, the other the
    documents' words, and both err. On 68 English questions this ranks better than the better of the two.
    """
    middle = vectors.sum(axis=0, keepdims=True)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)
