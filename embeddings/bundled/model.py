"""
The bundled model without its engine: name, fingerprints and query encoding.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from embeddings.bundled import weights
from embeddings.bundled.query_batches import QueryBatcher
from embeddings.fingerprint import FingerprintedEncoder, ModelSource
from embeddings.precision import Precision, WantedPrecision, choose
from embeddings.projection import bundled_projection
from embeddings.prompts import E5, Prompts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings.engine import Engine
    from embeddings.vectors import Tokens, TokenStates, Vectors


class BundledModel(FingerprintedEncoder, ABC):
    """
    The part of an `Encoder` that does not depend on the engine.

    Args:
        engine: what runs the model.
        dim: the length of a vector.
        max_tokens: tokens of a text that are read.
        prompts: instead of the model's own.
        precision: of passages; see `SentenceTransformerEncoder`.
    """

    tokens_per_batch: int  # of passages, at most
    device_reason = ""  # why it runs on the CPU

    def __init__(
        self, engine: Engine, *, dim: int, max_tokens: int, prompts: Prompts | None, precision: WantedPrecision
    ) -> None:
        self.name = weights.NAME
        self.dim = dim
        self.max_tokens = max_tokens
        self.prompts = prompts or E5
        self.precision: Precision = choose(precision)
        source = ModelSource(self.name, weights.weights_id(), self.prompts, max_tokens)
        super().__init__(source, source.fingerprint(self.precision, engine), bundled_projection())
        self._query_batcher = QueryBatcher(self._encode_query_states, self.prompts.query, self.projection)
        self._engine = engine

    @property
    def running(self) -> str:
        """What runs the model where and why, for people."""
        where = f"cpu ({self.device_reason})" if self.device_reason else "cpu"
        return f"{self._engine} on {where}, {self.precision}, {self.tokens_per_batch:,} tokens a batch"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        return self._query_batcher.vectors(texts)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's tokens for late interaction, without prefix and special tokens."""
        return self._query_batcher.tokens(text)

    @abstractmethod
    def _encode_query_states(self, texts: list[str]) -> list[TokenStates]:
        """The token states of texts that already have the prompt in front."""
