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
from embeddings.bert import Bert, Reading
from embeddings.fingerprint import fingerprint
from embeddings.precision import Precision, WantedPrecision, choose, matrices_in
from embeddings.projection import bundled_projection
from embeddings.prompts import E5, Prompts
from embeddings.sentence_transformer import SentenceTransformerEncoder
from embeddings.vectors import Tokens, own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.vectors import Vectors

_REMEMBERED = 4  # texts: the readings of one question


class BundledEncoder:
    """
    multilingual-e5-small as `bundled` unpacked it into `folder`. Satisfies `Encoder`; the vectors and
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
        self.projection = bundled_projection()
        self._remembered: dict[str, Reading] = {}

    @property
    def token_fingerprint(self) -> str:
        """Differs whenever the tokens' vectors would, also where `fingerprint` does not."""
        return f"{self.fingerprint}/{self.projection.fingerprint}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        means = [self._mean(text) for text in texts]
        return unit_rows(np.array(means, dtype=np.float32).reshape(-1, self.dim))

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.
        `progress` is called with the number of texts finished since its last call.
        """
        return self._passages.encode_passages(texts, progress=progress)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's own tokens, without prefix and special tokens, for late interaction."""
        reading = self._read_query(text)
        own, places = own_tokens(reading.states, reading.spans, reading.special, self.prompts.query)
        return Tokens(self.projection(own), places)

    def encode_passage_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (tokens_i, token_dim) float32 array of unit rows per text, in the order of `texts`."""
        return self._passages.encode_passage_tokens(texts)

    def _mean(self, text: str) -> Vectors:
        mean: Vectors = self._read_query(text).states.mean(axis=0)
        return mean

    def _read_query(self, text: str) -> Reading:
        """A question is asked for its vector and then for its tokens: the model runs once."""
        reading = self._remembered.get(text)
        if reading is None:
            # float32: converting the weights to bfloat16 costs a short text as much as multiplying in it saves.
            with matrices_in("float32"):
                reading = self._bert.read(self.prompts.query + text)
            self._remembered = {**dict(list(self._remembered.items())[1 - _REMEMBERED :]), text: reading}
        return reading

    @cached_property
    def _passages(self) -> SentenceTransformerEncoder:
        encoder = SentenceTransformerEncoder(
            self._folder,
            name=self.name,
            prompts=self.prompts,
            precision=self.precision,
            weights=bundled.weights_id(),
        )
        encoder.projection = self.projection
        return encoder
