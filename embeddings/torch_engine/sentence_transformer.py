"""
Any SentenceTransformer folder as an `Encoder`, on any device.

torch and sentence-transformers are imported when an encoder is built, not with this module.
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

import numpy as np

from embeddings.device import Accelerators, Placement, place
from embeddings.errors import ModelUnusable
from embeddings.fingerprint import FingerprintedEncoder, ModelSource, folder_id
from embeddings.projection import TOKEN_DIM, Projection, learn_projection, random_projection
from embeddings.prompts import Prompts, prompts_of
from embeddings.torch_engine.model_copy import ModelCopy, ModelReading, Task
from embeddings.torch_engine.model_input import InputReader, longest_first
from embeddings.torch_engine.model_loading import excludes_prompt, load_model, max_tokens_of, text_tokenizer
from embeddings.vectors import PassageVectors, Tokens, own_token_mask, own_token_spans, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.encoder import Progress
    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

# Texts that are tokenized at a time: a batch of the CPU's, several of an accelerator's.
_CPU_TEXTS, _TEXTS = 32, 1024
_CACHE_SIZE = 64  # texts: the few readings of each question in progress
_ON_CPU = place("cpu", "auto", Accelerators())


class SentenceTransformerEncoder(FingerprintedEncoder):
    """
    The model in `folder` as an `Encoder`.

    Args:
        folder: a SentenceTransformer or transformers model folder.
        name: the display name; default: the folder's.
        prompts: instead of those in the model's settings.
        placement: the device, and the precision of passages.
        dimensions: cut vectors to so many, for models that were trained for it (Kusupati et al. 2022).
        weights: a digest of the folder for the fingerprint; default: all files are hashed.
        projection: of token states; default: one that is learned from the passages of each index.
        trust_remote_code: whether code that comes with the model may run.

    Raises:
        ModelUnusable: the folder holds no model that sentence-transformers can read, or not with these settings.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str | None = None,
        prompts: Prompts | None = None,
        placement: Placement = _ON_CPU,
        dimensions: int | None = None,
        weights: str | None = None,
        projection: Projection | None = None,
        trust_remote_code: bool = False,
    ) -> None:
        self.name = name or name_of(folder)
        self.placement = placement
        self.precision: Precision = placement.precision
        model = load_model(folder, placement, trust_remote_code=trust_remote_code)
        self.max_tokens: int = max_tokens_of(model)
        self.prompts = prompts or prompts_of(self.name, model.prompts, model.default_prompt_name)
        self._reader = InputReader(text_tokenizer(model), self.max_tokens)
        self._first = self._copy_on(placement.places[0], model)
        probe = self._probe()
        self.dim: int = _dimensions(dimensions, len(probe.vector), self.name)
        source = ModelSource(self.name, weights or folder_id(folder), self.prompts, self.max_tokens, dimensions)
        fingerprint = source.fingerprint(self.precision, "sentence-transformers", placement.device)
        first_projection = projection or random_projection(probe.tokens.shape[1] or TOKEN_DIM)
        super().__init__(source, fingerprint, first_projection)
        self.learns_projection = projection is None and not self.token_absence
        self._cache: dict[tuple[str, str], tuple[Vectors, Tokens]] = {}

    @property
    def token_absence(self) -> str:
        """Why there are no token vectors, and so no late interaction; "" if there are."""
        return "" if self._reader.reads_spans else "its tokenizer does not say where a token stands in its text"

    @property
    def running(self) -> str:
        """What runs the model where and why, for people."""
        where = f"{len(self.placement.places)} × " if len(self.placement.places) > 1 else ""
        return (
            f"sentence-transformers on {where}{self.placement.device} ({self.placement.reason}), {self.precision}, "
            f"{self._first.tokens_per_batch:,} tokens a batch"
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, unit rows, in the order of `texts`; (0, dim) for none."""
        vectors = [vector for vector, _ in self._read_queries(texts)]
        return np.array(vectors, np.float32).reshape(len(texts), self.dim)

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

    def encode_query_tokens(self, text: str) -> Tokens:
        """The text's tokens for late interaction, without prefix and special tokens."""
        ((_, tokens),) = self._read_queries([text])
        return tokens

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
        for given, (vector, tokens) in zip(inputs, self._first.read(inputs, task), strict=True):
            (unit,) = unit_rows(vector[None, : self.dim])
            own = own_token_mask(given.spans, given.special, task.prompt)
            spans = own_token_spans(given.spans, own, task.prompt)
            yield unit, Tokens(tokens, spans) if self._tokens_wanted else self._no_tokens

    def _read_passages(
        self, texts: Sequence[str], task: Task, progress: Progress | None
    ) -> Iterator[tuple[list[int], list[ModelReading]]]:
        """Yield places of texts and their readings, longest first, shared among the devices."""
        most = _CPU_TEXTS if self.placement.device == "cpu" else _TEXTS
        batches = list(longest_first(texts, min(most, -(-len(texts) // len(self.placement.places)) or 1)))
        free: SimpleQueue[ModelCopy] = SimpleQueue()
        for each in self._copies if len(batches) > 1 else (self._first,):
            free.put(each)

        def read(places: list[int]) -> list[ModelReading]:
            inputs = self._reader.read([texts[at] for at in places], task.prompt)
            model = free.get()
            try:
                return model.read(inputs, task)
            finally:
                free.put(model)

        with ThreadPoolExecutor(len(self.placement.places)) as pool:
            run = map if len(self.placement.places) == 1 else pool.map
            for places, readings in zip(batches, run(read, batches), strict=True):
                yield places, readings
                if progress:
                    progress(len(places))

    @cached_property
    def _copies(self) -> tuple[ModelCopy, ...]:
        """One on each device; the others are made when passages are first shared among them."""
        others = self.placement.places[1:]
        return (self._first, *(self._copy_on(name, copy.deepcopy(self._first.model).to(name)) for name in others))

    def _copy_on(self, name: str, model: object) -> ModelCopy:
        return ModelCopy(model, self._reader, name, prompt_is_left_out=excludes_prompt(model))

    def _probe(self) -> ModelReading:
        """A first reading, which shows the lengths of vectors and states."""
        task = Task(self.prompts.passage, self.precision, None if self.token_absence else "raw")
        try:
            (reading,) = self._first.read(self._reader.read(["a"], task.prompt), task)
        except (ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise ModelUnusable(
                f"a model gives a vector for a text, {self.name} gives none ({reason}): choose another model"
            ) from None
        return reading


def name_of(folder: Path) -> str:
    """The folder's name, or the hub name of a snapshot in the hub's cache."""
    above = folder.resolve().parents
    if len(above) > 1 and above[0].name == "snapshots" and above[1].name.startswith("models--"):
        return above[1].name.removeprefix("models--").replace("--", "/")
    return folder.name


def _dimensions(wanted: int | None, own: int, name: str) -> int:
    """The length of vectors, cut as wanted."""
    if wanted is not None and not 1 <= wanted <= own:
        raise ModelUnusable(
            f"vectors are cut to between 1 and their own number of dimensions, {name} has {own}, asked for were "
            f"{wanted}: correct --dimensions"
        )
    return own if wanted is None else wanted
