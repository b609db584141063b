"""
The bundled model as an `Encoder` that is ready soon: questions go straight through torch, passages through
sentence-transformers, which is imported when the first passage comes.

Apart from `SentenceTransformerEncoder`, which reads any model and takes three times as long to start.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from embeddings import bundled
from embeddings.bert import Bert
from embeddings.fingerprint import Source
from embeddings.precision import Precision, WantedPrecision, choose, matrices_in
from embeddings.projection import bundled_projection
from embeddings.prompts import E5, Prompts
from embeddings.questions import Questions
from embeddings.sentence_transformer import SentenceTransformerEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.vectors import PassageReading, Reading, Tokens, Vectors


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
        self._source = Source(self.name, bundled.weights_id(), self.prompts, self.max_tokens)
        self.fingerprint = self._source.fingerprint(self.precision, "sentence-transformers")
        self.projection = bundled_projection()
        self._questions = Questions(self._read_questions, self.prompts.query, self.projection)

    @property
    def token_fingerprint(self) -> str:
        """Differs whenever the tokens' vectors would, also where `fingerprint` does not."""
        return f"{self.fingerprint}/{self.projection.fingerprint}"

    def mixes_with(self, token_fingerprint: str) -> bool:
        """Whether a question encoded here may be asked of passages with that fingerprint."""
        return self._source.gave(token_fingerprint, self.projection.fingerprint)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        return self._questions.vectors(texts)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.
        `progress` is called with the number of texts finished since its last call.
        """
        return self._passages.encode_passages(texts, progress=progress)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's own tokens, without prefix and special tokens, for late interaction."""
        return self._questions.tokens(text)

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageReading]:
        """The vector and the tokens of each text, in the order of `texts`, from one run of the model."""
        return self._passages.read_passages(texts, progress=progress)

    def _read_questions(self, texts: list[str]) -> list[Reading]:
        # float32: converting the weights to bfloat16 costs a short text as much as multiplying in it saves.
        with matrices_in("float32"):
            return [self._bert.read(text) for text in texts]

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
