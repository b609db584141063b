"""
The bundled model in torch, with a fast start.

Queries go straight through torch; passages through sentence-transformers, which is imported with the first passage.
`SentenceTransformerEncoder` reads any model and takes three times as long to start.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from embeddings.bundled import weights
from embeddings.bundled.model import BundledModel
from embeddings.device import Placement
from embeddings.precision import WantedPrecision, matrices_in
from embeddings.torch_engine.bert import Bert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.prompts import Prompts
    from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder
    from embeddings.vectors import PassageVectors, TokenStates, Vectors


class BundledEncoder(BundledModel):
    """
    multilingual-e5-small as an `Encoder`.

    Vectors and fingerprint equal those of `SentenceTransformerEncoder` over the same folder.

    Args:
        folder: as `weights.ensure_unpacked` returns it.
        prompts: instead of the model's own.
        precision: of passages; see `SentenceTransformerEncoder`.
    """

    tokens_per_batch = 16_384  # as `model_copy` has it

    def __init__(self, folder: Path, *, prompts: Prompts | None = None, precision: WantedPrecision = "auto") -> None:
        self._folder = folder
        self._bert = Bert(folder)
        super().__init__(
            "sentence-transformers",
            dim=self._bert.dim,
            max_tokens=self._bert.max_tokens,
            prompts=prompts,
            precision=precision,
        )

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.

        `progress` is called with the number of texts finished since its last call.
        """
        return self._passages.encode_passages(texts, progress=progress)

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """The vector and tokens of each text, in order, from one run of the model."""
        return self._passages.read_passages(texts, progress=progress)

    def _encode_query_states(self, texts: list[str]) -> list[TokenStates]:
        # float32: for a short text converting the weights to bfloat16 costs as much as it saves.
        with matrices_in("float32"):
            return [self._bert.read(text) for text in texts]

    @cached_property
    def _passages(self) -> SentenceTransformerEncoder:
        from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder

        return SentenceTransformerEncoder(
            self._folder,
            name=self.name,
            prompts=self.prompts,
            placement=Placement("cpu", ("cpu",), self.precision, ""),
            weights=weights.weights_id(),
            projection=self.projection,
        )
