"""
Any SentenceTransformer folder as an `Encoder`, on any device.

torch and sentence-transformers are imported when an encoder is built, not with this module.
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from embeddings.any_model.encoder import AnyModelEncoder, name_of
from embeddings.any_model.reading import ModelReading, Task, longest_first
from embeddings.device import Accelerators, Placement, place
from embeddings.errors import ModelUnusable
from embeddings.fingerprint import ModelSource, folder_id
from embeddings.prompts import Prompts, prompts_of
from embeddings.torch_engine.input_reader import InputReader
from embeddings.torch_engine.model_copy import ModelCopy
from embeddings.torch_engine.model_loading import excludes_prompt, load_model, max_tokens_of, text_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.any_model.reading import ModelInput
    from embeddings.encoder import Progress
    from embeddings.projection import Projection

# Texts that are tokenized at a time: a batch of the CPU's, several of an accelerator's.
_CPU_TEXTS, _TEXTS = 32, 1024
_ON_CPU = place("cpu", "auto", Accelerators())

_PROBE = "Báo cáo quý nộp ngày 15. The report is due."
_FEWEST_TOKENS = 8
_MOST_UNKNOWN = 0.9  # share of the probe's tokens


class SentenceTransformerEncoder(AnyModelEncoder):
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
        name = name or name_of(folder)
        opened = _open(folder, name, placement, trust_remote_code=trust_remote_code)
        self.placement, self._inputs, self._first, probe = opened
        model, placement = self._first.model, self.placement
        prompts = prompts or prompts_of(name, model.prompts, model.default_prompt_name)
        if placement.device != "cpu":
            self.passages_at_once = 2 * _TEXTS * len(placement.places)
        super().__init__(
            ModelSource(name, weights or folder_id(folder), prompts, max_tokens_of(model), dimensions),
            self._inputs,
            dim=len(probe.vector),
            state_dim=probe.tokens.shape[1],
            precision=placement.precision,
            engine="sentence-transformers",
            device=placement.device,
            projection=projection,
        )

    @property
    def running(self) -> str:
        """What runs the model where and why, for people."""
        where = f"{len(self.placement.places)} × " if len(self.placement.places) > 1 else ""
        return (
            f"sentence-transformers on {where}{self.placement.device} ({self.placement.reason}), {self.precision}, "
            f"{self._first.tokens_per_batch:,} tokens a batch"
        )

    def _run(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        return self._first.read(inputs, task)

    def _read_passages(
        self, texts: Sequence[str], task: Task, progress: Progress | None
    ) -> Iterator[tuple[list[int], list[ModelReading]]]:
        # Shared among the devices.
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
        model = self._first.model
        return (self._first, *(_copy_on(name, copy.deepcopy(model).to(name), self._inputs) for name in others))


def _open(
    folder: Path, name: str, placement: Placement, *, trust_remote_code: bool
) -> tuple[Placement, InputReader, ModelCopy, ModelReading]:
    """The model with a first reading; in float32 where half precision gives no numbers."""
    model = load_model(folder, placement, trust_remote_code=trust_remote_code)
    reader = InputReader(text_tokenizer(model), max_tokens_of(model))
    first = _copy_on(placement.places[0], model, reader)
    probe = _probe(first, reader, name)
    _refuse_empty(probe, reader, name, max_tokens_of(model))
    if np.isfinite(probe.vector).all() or placement.precision == "float32":
        return placement, reader, first, probe
    del model, first
    reason = f"{placement.reason}; {placement.precision} gives no numbers"
    in_full = replace(placement, precision="float32", reason=reason)
    return _open(folder, name, in_full, trust_remote_code=trust_remote_code)


def _copy_on(place_name: str, model: object, reader: InputReader) -> ModelCopy:
    return ModelCopy(model, reader, place_name, prompt_is_left_out=excludes_prompt(model))


def _refuse_empty(probe: ModelReading, reader: InputReader, name: str, max_tokens: int) -> None:
    """Refuse a model whose vectors say nothing of a text."""
    if max_tokens < _FEWEST_TOKENS:
        raise ModelUnusable(
            f"a model reads texts of {_FEWEST_TOKENS} tokens at least, {name} reads {max_tokens}: correct its "
            "max_seq_length, or choose another model"
        )
    if reader.unknown_share(_PROBE) > _MOST_UNKNOWN:
        raise ModelUnusable(
            f"a tokenizer knows words, that of {name} knows none of “{_PROBE}”: are its files missing? Choose a "
            "complete folder"
        )
    if not probe.vector.any():
        raise ModelUnusable(f"a model gives a vector for a text, {name} gives zeros: choose another model")


def _probe(model: ModelCopy, reader: InputReader, name: str) -> ModelReading:
    """A first reading, which shows the lengths of vectors and states."""
    task = Task("", "float32", None if reader.token_absence else "raw")
    try:
        (reading,) = model.read(reader.read([_PROBE], ""), task)
    except (ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelUnusable(
            f"a model gives a vector for a text, {name} gives none ({reason}): choose another model"
        ) from None
    return reading
