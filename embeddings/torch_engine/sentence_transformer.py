"""
Any SentenceTransformer folder as an `Encoder` on the CPU.

torch and sentence-transformers are imported when an encoder is built, not with this module.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.errors import ModelUnusable
from embeddings.fingerprint import FingerprintedEncoder, ModelSource, folder_id
from embeddings.precision import Precision, WantedPrecision, choose, matrices_in
from embeddings.projection import random_projection
from embeddings.prompts import Prompts, prompts_of
from embeddings.torch_engine.library_output import silence_libraries
from embeddings.vectors import PassageVectors, Tokens, own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.vectors import Vectors

BATCH = 32


class SentenceTransformerEncoder(FingerprintedEncoder):
    """
    The model in `folder` as an `Encoder`.

    Args:
        folder: a SentenceTransformer or transformers model folder.
        name: the display name; default: the folder's.
        prompts: instead of those in the model's settings.
        precision: of passages; "auto" takes bfloat16 where the processor supports it. To open an index on another
            machine, pass the precision it was built with.
        weights: a digest of the folder for the fingerprint; default: all files are hashed.

    Raises:
        ModelUnusable: the folder holds no model that sentence-transformers can read.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str | None = None,
        prompts: Prompts | None = None,
        precision: WantedPrecision = "auto",
        weights: str | None = None,
    ) -> None:
        self.name = name or folder.name
        self.precision: Precision = choose(precision)
        self._model = _load(folder)
        self.dim: int = self._model.get_embedding_dimension()
        self.max_tokens: int = self._model.max_seq_length
        self.prompts = prompts or prompts_of(self.name, self._model.prompts)
        source = ModelSource(self.name, weights or folder_id(folder), self.prompts, self.max_tokens)
        fingerprint = source.fingerprint(self.precision, "sentence-transformers")
        super().__init__(source, fingerprint, random_projection(self.dim))
        self._turn = threading.Lock()  # the tokenizer is not thread-safe

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        # float32: for a short text converting the weights to bfloat16 costs as much as it saves.
        return self._encode(texts, self.prompts.query, "float32", None)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.

        `progress` is called with the number of texts finished since its last call.
        """
        return self._encode(texts, self.prompts.passage, self.precision, progress)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's tokens for late interaction, without prefix and special tokens."""
        _, (tokens,) = self._read([text], self.prompts.query, "float32")
        return tokens

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """The vector and tokens of each text, in order, from one run of the model."""
        found: dict[int, PassageVectors] = {}
        for places in _batches(texts):
            vectors, tokens = self._read([texts[place] for place in places], self.prompts.passage, self.precision)
            for place, vector, own in zip(places, vectors, tokens, strict=True):
                found[place] = PassageVectors(vector, own.vectors)
            if progress:
                progress(len(places))
        return [found[place] for place in range(len(texts))]

    def _encode(self, texts: Sequence[str], prompt: str, precision: Precision, progress: Progress | None) -> Vectors:
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        # sentence-transformers sorts within one call of `encode`; a call per batch lets us report progress.
        for places in _batches(texts):
            vectors[places] = self._batch([texts[place] for place in places], prompt, precision)
            if progress:
                progress(len(places))
        return unit_rows(vectors)

    def _batch(self, texts: list[str], prompt: str, precision: Precision) -> Vectors:
        with self._turn, matrices_in(precision):
            vectors: Vectors = self._model.encode(
                texts, prompt=prompt, batch_size=len(texts), show_progress_bar=False, convert_to_numpy=True
            )
        return vectors

    def _read(self, texts: list[str], prompt: str, precision: Precision) -> tuple[Vectors, list[Tokens]]:
        with self._turn, matrices_in(precision):
            features: dict[str, Any] = self._model.tokenizer(
                [prompt + text for text in texts],
                padding=True,
                truncation=True,
                max_length=self.max_tokens,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
                return_tensors="pt",
            )
            spans = features.pop("offset_mapping").tolist()
            special = features.pop("special_tokens_mask").tolist()  # padding is special too
            features = self._model(features)
            states = features["token_embeddings"].float().numpy()
            vectors = unit_rows(features["sentence_embedding"].float().numpy())
        own = (own_tokens(*text, prompt) for text in zip(states, spans, special, strict=True))
        return vectors, [Tokens(self.projection(rows), places) for rows, places in own]


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Longest first: similar lengths share a batch (little padding), and memory peaks early."""
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def _load(folder: Path) -> Any:  # noqa: ANN401 - sentence-transformers publishes no types
    with silence_libraries():
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
            )
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise ModelUnusable(
                f"a model folder holds what sentence-transformers saves, {folder} does not "
                f"({reason}): name another folder, or none for the bundled model"
            ) from None
