"""
One copy of a model on one device: inputs to vectors and token states.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.any_model.reading import ModelReading, token_batches
from embeddings.errors import ModelUnusable
from embeddings.precision import matrices_in
from embeddings.projection import Projection
from embeddings.torch_engine.model_loading import is_out_of_memory
from embeddings.vectors import own_token_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings.any_model.reading import ModelInput, Task
    from embeddings.torch_engine.input_reader import InputReader
    from embeddings.vectors import Vectors

# Padded tokens a batch. On the CPU: 32 texts of 512. On an accelerator more saves nothing: it is busy.
CPU_TOKENS, _MOST_TOKENS, _FEWEST_TOKENS = 16_384, 65_536, 4096
_MEMORY_SHARE = 0.5  # of the free memory: attention is not counted below, and others may use the device


class ModelCopy:
    """
    Runs the model; one thread at a time.

    Args:
        model: a SentenceTransformer that is on `place`.
        reader: pads for it.
        place: torch's name of the device. Where it is not "cpu", the weights have the precision of passages.
        prompt_is_left_out: of the pooling.
    """

    def __init__(self, model: Any, reader: InputReader, place: str, *, prompt_is_left_out: bool) -> None:  # noqa: ANN401
        self.model = model
        self.place = place
        self.turn = threading.Lock()
        self.tokens_per_batch = CPU_TOKENS if place == "cpu" else _affordable_tokens(model, place)
        self._reader = reader
        self._prompt_is_left_out = prompt_is_left_out

    def read(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        """
        A reading for each input, in order.

        Raises:
            ModelUnusable: the device's memory does not suffice for one text.
        """
        with self.turn:
            batches = token_batches([each.length for each in inputs], self.tokens_per_batch)
            return [reading for batch in batches for reading in self._read_within_memory(inputs[batch], task)]

    def _read_within_memory(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        """Read a batch, or its halves where memory runs out; later batches are as small."""
        try:
            return self._read(inputs, task)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if len(inputs) == 1:
                raise self._too_long(inputs[0]) from None
        # Not in the handler, since the exception holds the tensors.
        _release_memory(self.place)
        self.tokens_per_batch = max(1, max(each.length for each in inputs) * len(inputs) // 2)
        middle = len(inputs) // 2
        return self._read_within_memory(inputs[:middle], task) + self._read_within_memory(inputs[middle:], task)

    def _read(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        import torch

        precision = task.precision if self.place == "cpu" else "float32"  # elsewhere the weights have it
        with torch.inference_mode(), matrices_in(precision), _current(self.place):
            if not inputs[0].fields:
                return self._read_whole_texts(inputs, task)
            features = self._features(inputs, task)
            mask = features["attention_mask"].bool()
            output = self.model(features)
            vectors = output["sentence_embedding"].float().cpu().numpy()
            tokens = self._tokens(output, mask, inputs, task) if task.tokens else [_none(task)] * len(inputs)
        return list(map(ModelReading, vectors, tokens))

    def _features(self, inputs: Sequence[ModelInput], task: Task) -> dict[str, Any]:
        features = {name: values.to(self.place) for name, values in self._reader.pad(inputs).items()}
        if self._prompt_is_left_out and task.prompt:
            features["prompt_length"] = self._reader.count_prompt(task.prompt)
        return features

    def _tokens(
        self,
        output: dict[str, Any],
        mask: Any,  # noqa: ANN401
        inputs: Sequence[ModelInput],
        task: Task,
    ) -> list[Vectors]:
        """Each text's own token vectors, wherever its padding is."""
        import torch

        own = [own_token_mask(each.spans, each.special, task.prompt) for each in inputs]
        states = [
            rows[kept][torch.from_numpy(is_own).to(self.place)].float()
            for rows, kept, is_own in zip(output["token_embeddings"], mask, own, strict=True)
        ]
        if isinstance(task.tokens, Projection) and self.place != "cpu":
            return _project_there(states, task.tokens, self.place)
        arrays = [rows.cpu().numpy() for rows in states]
        return [task.tokens(rows) for rows in arrays] if isinstance(task.tokens, Projection) else arrays

    def _read_whole_texts(self, inputs: Sequence[ModelInput], task: Task) -> list[ModelReading]:
        encode = self.model.encode_query if task.is_query else self.model.encode_document
        vectors = encode(
            [each.text for each in inputs], prompt=task.prompt, batch_size=len(inputs), show_progress_bar=False
        )
        return [ModelReading(np.asarray(vector, np.float32), _none(task)) for vector in vectors]

    def _too_long(self, text: ModelInput) -> ModelUnusable:
        return ModelUnusable(
            f"a text must fit into the memory of its device, {text.length:,} tokens do not fit into that of "
            f"{self.place}: free some, choose another --device, or a smaller model"
        )


def _none(task: Task) -> Vectors:
    width = task.tokens.token_dim if isinstance(task.tokens, Projection) else 0
    return np.empty((0, width), np.float32)


def _project_there(states: list[Any], projection: Projection, place: str) -> list[Vectors]:
    """Project on the device that has the states, which are larger than what is kept."""
    import torch

    mean, basis = (torch.from_numpy(part).to(place) for part in (projection.mean, projection.basis))
    turned = (torch.cat(states) - mean) @ basis
    unit = torch.nn.functional.normalize(turned, dim=1, eps=float(np.finfo(np.float32).tiny)).cpu().numpy()
    return np.split(unit, np.cumsum([len(rows) for rows in states])[:-1])


def _affordable_tokens(model: Any, place: str) -> int:  # noqa: ANN401
    """How many tokens of hidden states fit into the free memory of an accelerator."""
    import torch

    if not place.startswith("cuda"):
        return CPU_TOKENS
    free, _ = torch.cuda.mem_get_info(place)
    config = getattr(model[0], "config", None)
    hidden = getattr(config, "hidden_size", None) or 1024
    inner = getattr(config, "intermediate_size", None) or 4 * hidden
    per_token = 4 * (12 * hidden + 3 * inner)  # bytes: a layer's states in float32, of which few are alive at a time
    return int(min(_MOST_TOKENS, max(_FEWEST_TOKENS, _MEMORY_SHARE * free / per_token)))


def _current(place: str) -> AbstractContextManager[None]:
    """Make a cuda device the current one, which kernels outside of torch run on."""
    import torch

    device: AbstractContextManager[None] = torch.cuda.device(place) if place.startswith("cuda") else nullcontext()
    return device


def _release_memory(place: str) -> None:
    import torch

    if place.startswith("cuda"):
        torch.cuda.empty_cache()
    elif place == "mps":
        torch.mps.empty_cache()
