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
from retrieval.ranking.token_weights import WeighedTokens, weighed_tokens


class QuestionEncoder:
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

    def warm_up(self, made: Manifest) -> None:
        """Loads the model, and lets it read something."""
        self._vectors(made, ("khởi động",))

    def directions(self, made: Manifest, query: Query) -> NDArray[np.float32]:
        """What the dense channel is asked, (readings, dim) unit rows: the first reading leans to the official words."""
        if query.glossed:
            return _in_the_middle(self._vectors(made, query.readings))
        if not query.official:
            return self._vectors(made, query.readings)
        *typed, official = self._vectors(made, (*query.readings, query.official))
        return np.stack([_in_the_middle(np.stack([typed[0], official]))[0], *typed[1:]])

    def tokens(self, made: Manifest, query: Query, idf: Callable[[Field, str], float]) -> list[WeighedTokens]:
        """What the token channel is asked, for each reading; the model has read it for `directions`."""
        encoder = self._of(made)
        return [weighed_tokens(text, encoder.encode_query_tokens(text), idf) for text in query.readings]

    def _vectors(self, made: Manifest, readings: Sequence[str]) -> NDArray[np.float32]:
        return self._of(made).encode_queries(readings)

    def _of(self, made: Manifest) -> Encoder:
        """The encoder, if an index was built with it, or with the same model run in another way."""
        with self._loading:
            if self._encoder is None:
                self._encoder = load_encoder(made.model, engine=self._engine, precision=made.precision)
        if not self._encoder.mixes_with(made.token_fingerprint):
            raise IndexMismatch(
                f"the index was built with {made.token_fingerprint}, this encoder is "
                f"{self._encoder.token_fingerprint}: run `trichdan index --rebuild`, or choose the model with --model"
            )
        return self._encoder


def _in_the_middle(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    The one direction, (1, dim), between those of a question and of its gloss or its official words: the one knows what
    is asked, the other the documents' words, and both err. On 68 English questions that ranks better than the better of
    the two.
    """
    middle = vectors.sum(axis=0, keepdims=True)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)
