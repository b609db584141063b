"""
Compile any sentence-transformers model with OpenVINO and measure its agreement with torch.

Imports torch, so nothing that runs at every start may import this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.any_model.reading import Task
from embeddings.device import Placement
from embeddings.errors import ModelUnusable
from embeddings.openvino_engine.any_model_files import (
    NETWORK_FILE,
    SETTINGS_FILE,
    TOKENIZER_FILE,
    CompiledSettings,
    is_half,
    open_network,
    open_tokenizer,
)
from embeddings.openvino_engine.compiled_files import MIN_COSINE
from embeddings.openvino_engine.network import settings as properties
from embeddings.openvino_engine.probes import PROBES
from embeddings.openvino_engine.runtime import convert, openvino
from embeddings.torch_engine.input_reader import InputReader
from embeddings.torch_engine.library_output import silence_libraries
from embeddings.torch_engine.model_copy import ModelCopy
from embeddings.torch_engine.model_loading import excludes_prompt, load_model, max_tokens_of, text_tokenizer
from embeddings.vectors import unit_rows

if TYPE_CHECKING:
    from embeddings.any_model.reading import ModelReading
    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

# Implementations of attention in transformers: the model's own, which is mostly "sdpa", and the plainest. OpenVINO runs
# the first faster, but gives NaN in it for padding on the left.
_ATTENTION = (None, "eager")
_RAW = Task("", "float32", "raw")
_TEXTS = tuple(text.removeprefix("query: ").removeprefix("passage: ") for text in PROBES)


def write_compiled_model(model: Path, folder: Path, precision: Precision, *, trust_remote_code: bool) -> None:
    """
    Write what an `OpenVinoModelEncoder` needs, or why there is none.

    Raises:
        ModelUnusable: torch cannot load the model either.
    """
    reason = ""
    for attention in _ATTENTION:
        try:
            reason = _write(model, folder, precision, attention, trust_remote_code=trust_remote_code)
        except ModelUnusable as error:
            if attention is None:
                raise
            reason = reason or str(error)  # a model without this implementation
        except Exception as error:  # noqa: BLE001 - what cannot be converted fails in countless ways
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
        if not reason:
            return
    (folder / NETWORK_FILE).unlink(missing_ok=True)
    CompiledSettings(reason=reason).write(folder / SETTINGS_FILE)


def _write(model: Path, folder: Path, precision: Precision, attention: str | None, *, trust_remote_code: bool) -> str:
    """Convert with this implementation of attention; the reason not to use it, or ""."""
    on_cpu = Placement("cpu", ("cpu",), "float32", "")
    library = load_model(model, on_cpu, trust_remote_code=trust_remote_code, attention=attention)
    tokenizer, max_tokens = text_tokenizer(library), max_tokens_of(library)
    reader = InputReader(tokenizer, max_tokens)
    if reader.token_absence:
        return reader.token_absence
    if excludes_prompt(library):
        return "its pooling leaves the prompt out"
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    inputs = reader.read(_TEXTS, "")
    expected = ModelCopy(library, reader, "cpu", prompt_is_left_out=False).read(inputs, _RAW)
    CompiledSettings(
        fields=tuple(inputs[0].fields),
        max_tokens=max_tokens,
        padding_side=tokenizer.padding_side,
        padding_token=tokenizer.pad_token_id,
        dim=len(expected[0].vector),
        state_dim=expected[0].tokens.shape[1],
        prompts=dict(library.prompts),
        default_prompt=library.default_prompt_name,
    ).write(folder / SETTINGS_FILE)
    _write_network(library, reader, folder, precision, compress=is_half(model))
    return _disagreement(folder, precision, expected)


def _write_network(library: Any, reader: InputReader, folder: Path, precision: Precision, *, compress: bool) -> None:  # noqa: ANN401
    import torch

    example = reader.pad(reader.read(_TEXTS[:4], ""))

    class Module(torch.nn.Module):  # type: ignore[misc]  # torch is not followed: see pyproject.toml
        def __init__(self) -> None:
            super().__init__()
            self.library = library

        def forward(self, *values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            output = self.library(dict(zip(example, values, strict=True)))
            return output["token_embeddings"], output["sentence_embedding"]

    with torch.no_grad(), silence_libraries():  # tracing looks at every attribute, of which some warn
        converted = convert(Module(), tuple(example.values()), ((-1, -1),) * len(example), "i64")
    openvino().save_model(converted, folder / "model.xml", compress_to_fp16=compress)
    compiled = openvino().Core().compile_model(folder / "model.xml", "CPU", properties(precision, 1))
    (folder / NETWORK_FILE).write_bytes(compiled.export_model().getvalue())
    for suffix in ("xml", "bin"):
        (folder / f"model.{suffix}").unlink()


def _disagreement(folder: Path, precision: Precision, expected: list[ModelReading]) -> str:
    """The reason not to use it: the probes' lowest cosine, alone and in one batch."""
    settings = CompiledSettings.read(folder / SETTINGS_FILE)
    tokenizer, network = open_tokenizer(folder, settings), open_network(folder, precision, streams=1)
    inputs = tokenizer.read(_TEXTS, "")
    lowest = 1.0
    for batch in (*([one] for one in inputs), inputs):
        (output,) = network.stream([tokenizer.pad(batch)])
        wanted = expected if len(batch) > 1 else [expected[inputs.index(batch[0])]]
        for found, right in zip(tokenizer.readings(batch, output, _RAW), wanted, strict=True):
            if found.tokens.shape != right.tokens.shape:
                return "its tokens differ from those of transformers"
            lowest = min(lowest, _cosine(found.vector[None], right.vector[None]), _cosine(found.tokens, right.tokens))
    if lowest >= MIN_COSINE[precision]:
        return ""
    return f"its vectors differ from sentence-transformers' (cosine {lowest:.4f}, not {MIN_COSINE[precision]})"


def _cosine(found: Vectors, right: Vectors) -> float:
    """The mean cosine of rows; -1 for what are no numbers."""
    if not len(found):
        return 1.0
    return float(np.nan_to_num((unit_rows(found) * unit_rows(right)).sum(axis=1).mean(), nan=-1.0))
