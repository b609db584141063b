"""
The bundled model as an `Encoder` through OpenVINO, without torch or transformers.

`BundledEncoder` gives the same vectors without OpenVINO, more slowly.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from embeddings.bundled.model import BundledModel
from embeddings.errors import ModelUnusable
from embeddings.openvino_engine.compiled_files import PIECES_FILE, network_file
from embeddings.openvino_engine.network import Network
from embeddings.openvino_engine.piece_lookup import PieceLookup, TokenizedText
from embeddings.openvino_engine.word_table import WordTable
from embeddings.precision import Precision, WantedPrecision
from embeddings.vectors import PassageVectors, TokenStates, own_tokens, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.prompts import Prompts
    from embeddings.vectors import Vectors

MAX_TOKENS = 512
# Tokens per batch, padding included. Passages: fewer leave a core waiting for weights, more overflow its caches.
# Queries: beyond this, batching another one saves nothing.
_PASSAGE_TOKENS, _QUERY_TOKENS = 1536, 256
# Loading the whole tokenizer takes as long as tokenizing this many passages by looking up their own pieces.
_MAX_LOOKUP_PASSAGES = 500


class OpenVinoEncoder(BundledModel):
    """
    multilingual-e5-small, compiled by OpenVINO, as an `Encoder`.

    Args:
        model: as `weights.ensure_unpacked` returns it.
        compiled: as `compiled_model.ensure_compiled` returns it.
        prompts: instead of the model's own.
        precision: of passages, see `SentenceTransformerEncoder`; and of queries where this processor supports it.
    """

    tokens_per_batch = _PASSAGE_TOKENS

    def __init__(
        self, model: Path, compiled: Path, *, prompts: Prompts | None = None, precision: WantedPrecision = "auto"
    ) -> None:
        self._model = model
        self._compiled = compiled
        self._words = WordTable(model / "model.safetensors")
        super().__init__("openvino", dim=self._words.dim, max_tokens=MAX_TOKENS, prompts=prompts, precision=precision)
        self._pieces = PieceLookup(compiled / PIECES_FILE, self.max_tokens)
        self._passage_count = 0  # passages
        # The precision of passages: with AMX, bfloat16 halves the processor time of batched queries, with the same
        # results (tests/benchmarks/numerics.py). The index may have been built on such a processor and this one may
        # lack it, hence the fallback.
        query_precision: Precision = self.precision if network_file(compiled, self.precision).exists() else "float32"
        self._network = Network(network_file(compiled, query_precision), query_precision, streams=1)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.

        `progress` is called with the number of texts finished since its last call.
        """
        vectors = np.empty((len(texts), self.dim), np.float32)
        for place, reading in self._read_passages(texts, progress):
            vectors[place] = reading.states.mean(axis=0)
        return unit_rows(vectors)

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """The vector and tokens of each text, in order, from one run of the model."""
        found: dict[int, PassageVectors] = {}
        for place, reading in self._read_passages(texts, progress):
            own, _ = own_tokens(reading.states, reading.spans, reading.special, self.prompts.passage)
            (vector,) = unit_rows(reading.states.mean(axis=0, keepdims=True))
            found[place] = PassageVectors(vector, self.projection(own))
        return [found[place] for place in range(len(texts))]

    def _encode_query_states(self, texts: list[str]) -> list[TokenStates]:
        tokenized = self._pieces.tokenize(texts)
        found: dict[int, TokenStates] = {}
        for places in _batches([len(encoded.ids) for encoded in tokenized], _QUERY_TOKENS):
            states = self._network.states(*self._words.lookup([tokenized[place].ids for place in places]))
            for place, rows in zip(places, states, strict=True):
                encoded = tokenized[place]
                found[place] = TokenStates(rows[: len(encoded.ids)], encoded.spans, encoded.special)
        return [found[place] for place in range(len(texts))]

    def _read_passages(self, texts: Sequence[str], progress: Progress | None) -> Iterator[tuple[int, TokenStates]]:
        """Yield each text's index and token states, longest first."""
        tokenized = self._tokenize([self.prompts.passage + text for text in texts])
        batches = list(_batches([len(encoded.ids) for encoded in tokenized], _PASSAGE_TOKENS))
        inputs = (self._words.lookup([tokenized[place].ids for place in places]) for places in batches)
        for places, states in zip(batches, self._passages.stream(inputs), strict=True):
            for place, rows in zip(places, states, strict=True):
                encoded = tokenized[place]
                yield place, TokenStates(rows[: len(encoded.ids)], encoded.spans, encoded.special)
            if progress:
                progress(len(places))

    def _tokenize(self, passages: list[str]) -> list[TokenizedText]:
        """Tokenize by piece look-up for few passages, with the whole tokenizer for many."""
        self._passage_count += len(passages)
        if self._passage_count <= _MAX_LOOKUP_PASSAGES:
            return PieceLookup(self._compiled / PIECES_FILE, self.max_tokens).tokenize(passages)
        tokenized = self._tokenizer.encode_batch(passages)
        return [TokenizedText(encoded.ids, encoded.offsets, encoded.special_tokens_mask) for encoded in tokenized]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._model / "tokenizer.json"))
        tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _passages(self) -> Network:
        file = network_file(self._compiled, self.precision)
        if not file.exists():
            raise ModelUnusable(
                f"passages in {self.precision} need a processor that multiplies in it, this one does not: choose "
                "float32, or `--encoder sentence-transformers`"
            )
        return Network(file, self.precision, streams=os.cpu_count() or 1)


def _batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Longest first: similar lengths share a batch (little padding), and memory peaks early."""
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        end = start + max(1, tokens // lengths[order[start]])
        yield order[start:end]
        start = end
