"""
The bundled model as an `Encoder` that is ready soon: questions go straight through torch, passages through
sentence-transformers, which is imported when the first passage comes.

Apart from `SentenceTransformerEncoder`, which reads any model and takes three times as long to start.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embeddings import bundled
from embeddings.bert import Bert
from embeddings.fingerprint import fingerprint
from embeddings.precision import Precision, WantedPrecision, choose, matrices_in
from embeddings.prompts import E5, Prompts
from embeddings.sentence_transformer import SentenceTransformerEncoder
from embeddings.vectors import own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.vectors import Vectors


class BundledEncoder:
    """
    multilingual-e5-small as `bundled` unpacked it into `folder`. Satisfies `TokenEncoder`; the vectors and
    the fingerprint are those of `SentenceTransformerEncoder` over the same folder.

    Args:
        folder: what `bundled.ensure_unpacked` returned.
        prompts: instead of the model's own.
        precision: of passages; see `SentenceTransformerEncoder`.
    """

    def __init__(self, folder: Path, *, prompts: Prompts | None = None, precision: WantedPrecision = "auto") -> None:
        self.name = bundled.NAME
        self.precision: Precision = choose(precision)
        self.prompts = prompts or E5
        self._folder = folder
        self._bert = Bert(folder)
        self.dim = self._bert.dim
        self.max_tokens = self._bert.max_tokens
        self.fingerprint = fingerprint(self.name, bundled.weights_id(), self.prompts, self.max_tokens, self.precision)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        means = [self._mean(self.prompts.query + text) for text in texts]
        return unit_rows(np.array(means, dtype=np.float32).reshape(-1, self.dim))

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.
        `progress` is called with the number of texts finished since its last call.
        """
        return self._passages.encode_passages(texts, progress=progress)

    def encode_query_tokens(self, text: str) -> Vectors:
        """(tokens, dim) float32, unit rows: the text's own tokens, without prefix and special tokens."""
        return self._tokens(text, self.prompts.query, "float32")

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (tokens_i, dim) float32 array of unit rows per text, in the order of `texts`."""
        return [self._tokens(text, self.prompts.passage, self.precision) for text in texts]

    def _mean(self, text: str) -> Vectors:
        # float32: converting the weights to bfloat16 costs a short text as much as multiplying in it saves.
        with matrices_in("float32"):
            mean: Vectors = self._bert.read(text).states.mean(axis=0)
        return mean

    def _tokens(self, text: str, prompt: str, precision: Precision) -> Vectors:
        with matrices_in(precision):
            reading = self._bert.read(prompt + text)
        return own_tokens(reading.states, reading.spans, reading.special, prompt)

    @cached_property
    def _passages(self) -> SentenceTransformerEncoder:
        return SentenceTransformerEncoder(
            self._folder,
            name=self.name,
            prompts=self.prompts,
            precision=self.precision,
            weights=bundled.weights_id(),
        )
