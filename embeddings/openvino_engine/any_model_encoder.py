"""
Any compiled model as an `Encoder` through OpenVINO, without torch or transformers.

`SentenceTransformerEncoder` gives the same vectors without OpenVINO.
"""

from __future__ import annotations

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING

from embeddings.any_model.encoder import AnyModelEncoder
from embeddings.any_model.reading import token_batches
from embeddings.errors import ModelUnusable
from embeddings.fingerprint import ModelSource
from embeddings.openvino_engine.any_model_files import (
    NETWORK_FILE,
    SETTINGS_FILE,
    CompiledSettings,
    open_network,
    open_tokenizer,
)
from embeddings.prompts import prompts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from embeddings.any_model.reading import ModelInput, ModelReading, Task
    from embeddings.encoder import Progress
    from embeddings.openvino_engine.any_model_network import AnyModelNetwork
    from embeddings.precision import Precision
    from embeddings.prompts import Prompts

_TEXTS = 256  # that are tokenized at a time
_TOKENS = 1536  # a batch, padding included: see `encoder`
_LARGE = 500_000_000  # bytes: a second copy for passages, one stream for each core, would take too much memory


class OpenVinoModelEncoder(AnyModelEncoder):
    """
    The model in a compiled folder as an `Encoder`.

    Args:
        compiled: as `any_model_files.ensure_compiled_model` returns it, without a `reason`.
        name: the display name.
        weights: a digest of the model's own folder.
        prompts: instead of those in the model's settings.
        precision: of passages, as asked for.
        compiled_precision: of the network, which is that of passages where this processor has it.
        dimensions: cut vectors to so many.
        reason: why it runs on the CPU.
    """

    def __init__(
        self,
        compiled: Path,
        *,
        name: str,
        weights: str,
        prompts: Prompts | None,
        precision: Precision,
        compiled_precision: Precision,
        dimensions: int | None,
        reason: str,
    ) -> None:
        settings = CompiledSettings.read(compiled / SETTINGS_FILE)
        prompts = prompts or prompts_of(name, settings.prompts, settings.default_prompt)
        self._folder = compiled
        self._reason = reason
        self._compiled_precision: Precision = compiled_precision
        self._tokenizer = open_tokenizer(compiled, settings)
        self._network = open_network(compiled, compiled_precision, streams=1)
        self._turn, self._passages_turn = threading.Lock(), threading.Lock()
        super().__init__(
            ModelSource(name, weights, prompts, settings.max_tokens, dimensions),
            self._tokenizer,
            dim=settings.dim,
            state_dim=settings.state_dim,
            precision=precision,
            engine="openvino",
        )

    @property
    def running(self) -> str:
        """What runs the model where and why, for people."""
        return f"openvino on cpu ({self._reason}), {self._compiled_precision}, {_TOKENS:,} tokens a batch"

    def _run(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        with self._turn:
            return list(self._stream(self._network, inputs, task))

    def _read_passages(
        self, texts: Sequence[str], task: Task, progress: Progress | None
    ) -> Iterator[tuple[list[int], list[ModelReading]]]:
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        for start in range(0, len(order), _TEXTS):
            places = order[start : start + _TEXTS]
            inputs = self._tokenizer.read([texts[place] for place in places], task.prompt)
            with self._passages_turn:
                readings = list(self._stream(self._passages, inputs, task))
            yield places, readings
            if progress:
                progress(len(places))

    def _stream(self, network: AnyModelNetwork, inputs: Sequence[ModelInput], task: Task) -> Iterator[ModelReading]:
        batches = [inputs[batch] for batch in token_batches([each.length for each in inputs], _TOKENS)]
        for batch, output in zip(batches, network.stream(map(self._tokenizer.pad, batches)), strict=True):
            yield from self._tokenizer.readings(batch, output, task)

    @cached_property
    def _passages(self) -> AnyModelNetwork:
        if self._compiled_precision != self.precision:
            raise ModelUnusable(
                f"passages in {self.precision} need a processor that multiplies in it, this one does not: choose "
                "`--encoder sentence-transformers`"
            )
        is_large = (self._folder / NETWORK_FILE).stat().st_size > _LARGE
        return open_network(self._folder, self.precision, streams=1 if is_large else os.cpu_count() or 1)
