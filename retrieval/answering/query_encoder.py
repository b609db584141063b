"""
The question's side of the encoder: loaded when first needed, and asked for what the channels compare.
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
    Safe to use from several threads.

    Args:
        encoder: found from the manifest of the first index that it is used for, and loaded, if not given.
        engine: what that one is to be run by.
    """

    def __init__(self, encoder: Encoder | None, engine: WantedEngine) -> None:
        self._encoder = encoder
        self._engine = engine
        self._loading = threading.Lock()

    def warm_up(self, manifest: Manifest) -> None:
        """Loads the model, and lets it read something."""
        self._vectors(manifest, ("khởi động",))

    def dense_vectors(self, manifest: Manifest, query: Query) -> NDArray[np.float32]:
        """What the dense channel is asked, (readings, dim) unit rows: the first reading leans to the official words."""
        if query.gloss:
            return _mean_direction(self._vectors(manifest, query.readings))
        if not query.official_text:
            return self._vectors(manifest, query.readings)
        *typed, official = self._vectors(manifest, (*query.readings, query.official_text))
        return np.stack([_mean_direction(np.stack([typed[0], official]))[0], *typed[1:]])

    def token_vectors(
        self, manifest: Manifest, query: Query, idf: Callable[[Field, str], float]
    ) -> list[WeightedTokens]:
        """What the token channel is asked, for each reading; the model has read it for `dense_vectors`."""
        encoder = self._encoder_for(manifest)
        return [weigh_tokens(text, encoder.encode_query_tokens(text), idf) for text in query.readings]

    def _vectors(self, manifest: Manifest, readings: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder_for(manifest).encode_queries(readings)

    def _encoder_for(self, manifest: Manifest) -> Encoder:
        """The encoder, if an index was built with it, or with the same model run in another way."""
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
    The one direction, (1, dim), between those of a question and of its gloss or its official words: the one knows what
    is asked, the other the documents' words, and both err. On 68 English questions that ranks better than the better of
    the two.
    """
    middle = vectors.sum(axis=0, keepdims=True)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)
