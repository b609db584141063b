"""
An encoder of any model, without what runs it.

Imports neither torch nor OpenVINO.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from embeddings.any_model.reading import ModelReading, Task
from embeddings.errors import ModelUnusable
from embeddings.fingerprint import FingerprintedEncoder, ModelSource
from embeddings.projection import TOKEN_DIM, Projection, learn_projection, random_projection
from embeddings.vectors import PassageVectors, Tokens, own_token_mask, own_token_spans, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.any_model.reading import ModelInput
    from embeddings.device import Device
    from embeddings.encoder import Progress
    from embeddings.engine import Engine
    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

_CACHE_SIZE = 64  # texts: the few readings of each question in progress


class Reader(Protocol):
    """Tokenizes; thread-safe."""

    @property
    def token_absence(self) -> str:
        """Why it does not say where tokens stand in their text; "" if it does."""

    def read(self, texts: Sequence[str], prompt: str) -> list[ModelInput]:
        """Each text with the prompt in front."""


class AnyModelEncoder(FingerprintedEncoder, ABC):
    """
    The part of an `Encoder` that does not depend on the engine.

    Args:
        source: the model with its settings; `dimensions` as asked for.
        reader: tokenizes.
        dim: the length of the model's own vectors.
        state_dim: that of its token states, 0 if there are none.
        precision: of passages.
        engine: what runs the model.
        device: where.
        projection: of token states; None for one that is learned from the passages of each index.

    Raises:
        ModelUnusable: vectors cannot be cut to so many dimensions.
    """

    def __init__(
        self,
        source: ModelSource,
        reader: Reader,
        *,
        dim: int,
        state_dim: int,
        precision: Precision,
        engine: Engine,
        device: Device = "cpu",
        projection: Projection | None = None,
    ) -> None:
        source = _cut(source, dim)
        first = projection or random_projection(state_dim or TOKEN_DIM)
        super().__init__(source, source.fingerprint(precision, engine, device), first)
        self.name = source.name
        self.prompts = source.prompts
        self.max_tokens = source.max_tokens
        self.precision: Precision = precision
        self.dim = source.dimensions or dim
        self.learns_projection = projection is None and not reader.token_absence
        self._reader = reader
        self._cache: dict[tuple[str, str], tuple[Vectors, Tokens]] = {}

    @property
    def token_absence(self) -> str:
        """Why there are no token vectors, and so no late interaction; "" if there are."""
        return self._reader.token_absence

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        vectors = [vector for vector, _ in self._read_queries(texts)]
        return np.array(vectors, np.float32).reshape(len(texts), self.dim)

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's tokens for late interaction, without prefix and special tokens."""
        ((_, tokens),) = self._read_queries([text])
        return tokens

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """
        (n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none.

        `progress` is called with the number of texts finished since its last call.
        """
        vectors = np.empty((len(texts), self.dim), np.float32)
        task = Task(self.prompts.passage, self.precision, None)
        for places, readings in self._read_passages(texts, task, progress):
            vectors[places] = [reading.vector[: self.dim] for reading in readings]
        return unit_rows(vectors)

    def read_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[PassageVectors]:
        """The vector and tokens of each text, in order, from one run of the model."""
        found: dict[int, PassageVectors] = {}
        task = Task(self.prompts.passage, self.precision, self._tokens_wanted)
        for places, readings in self._read_passages(texts, task, progress):
            vectors = unit_rows(np.array([reading.vector[: self.dim] for reading in readings]))
            for at, vector, reading in zip(places, vectors, readings, strict=True):
                tokens = reading.tokens if self._tokens_wanted else self._no_tokens.vectors
                found[at] = PassageVectors(vector, tokens)
        return [found[at] for at in range(len(texts))]

    def learn_projection(self, texts: Sequence[str]) -> Projection:
        """A projection for texts like these passages."""
        task = Task(self.prompts.passage, self.precision, "raw")
        states = [reading.tokens for _, readings in self._read_passages(texts, task, None) for reading in readings]
        return learn_projection(np.concatenate(states), len(texts))

    def with_projection(self, projection: Projection) -> Self:
        """The same encoder, which shares this one's model, with another projection."""
        if projection.fingerprint == self.projection.fingerprint:
            return self
        other = copy.copy(self)
        other.projection = projection
        return other

    @property
    def _tokens_wanted(self) -> Projection | None:
        return None if self.token_absence else self.projection

    @property
    def _no_tokens(self) -> Tokens:
        return Tokens(np.empty((0, self.projection.token_dim), np.float32), ())

    def _read_queries(self, texts: Sequence[str]) -> list[tuple[Vectors, Tokens]]:
        """The vector and tokens of each query, which are asked for one after the other."""
        cache, way = self._cache, self.projection.fingerprint
        known = {text: cache[text, way] for text in texts if (text, way) in cache}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, self._read_new_queries(new), strict=True)
            kept = [*cache.items(), *(((text, way), known[text]) for text in new)]
            self._cache = dict(kept[-_CACHE_SIZE:])
        return [known[text] for text in texts]

    def _read_new_queries(self, texts: list[str]) -> Iterator[tuple[Vectors, Tokens]]:
        # float32: for a short text converting the weights to bfloat16 costs as much as it saves.
        task = Task(self.prompts.query, "float32", self._tokens_wanted, is_query=True)
        inputs = self._reader.read(texts, task.prompt)
        for given, (vector, tokens) in zip(inputs, self._run(inputs, task), strict=True):
            (unit,) = unit_rows(vector[None, : self.dim])
            own = own_token_mask(given.spans, given.special, task.prompt)
            spans = own_token_spans(given.spans, own, task.prompt)
            yield unit, Tokens(tokens, spans) if self._tokens_wanted else self._no_tokens

    @abstractmethod
    def _run(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        """A reading for each of a few inputs, in order."""

    @abstractmethod
    def _read_passages(
        self, texts: Sequence[str], task: Task, progress: Progress | None
    ) -> Iterator[tuple[list[int], list[ModelReading]]]:
        """Yield places of texts and their readings, longest first."""


def name_of(folder: Path) -> str:
    """The folder's name, or the hub name of a snapshot in the hub's cache."""
    above = folder.resolve().parents
    if len(above) > 1 and above[0].name == "snapshots" and above[1].name.startswith("models--"):
        return above[1].name.removeprefix("models--").replace("--", "/")
    return folder.name


def _cut(source: ModelSource, own: int) -> ModelSource:
    """The source with no more dimensions than there are."""
    wanted = source.dimensions
    if wanted is not None and not 1 <= wanted <= own:
        raise ModelUnusable(
            f"vectors are cut to between 1 and their own number of dimensions, {source.name} has {own}, asked for were "
            f"{wanted}: correct --dimensions"
        )
    return replace(source, dimensions=None) if wanted == own else source
