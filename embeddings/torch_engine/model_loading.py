"""
Load a sentence-transformers model from a folder, and read off what its settings imply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embeddings.errors import ModelUnusable
from embeddings.torch_engine.library_output import silence_libraries

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.device import Placement

_UNLIMITED = 100_000  # tokenizers without a limit give numbers of thirty digits
_DEFAULT_TOKENS = 8192  # for models that name no limit anywhere
# What transformers and sentence-transformers say of a model that brings code of its own.
_REMOTE_CODE = ("trust_remote_code", "custom code")


def load_model(folder: Path, placement: Placement, *, trust_remote_code: bool, attention: str | None = None) -> Any:  # noqa: ANN401 - sentence-transformers publishes no types
    """
    The SentenceTransformer in `folder`, on the first of the places.

    On the CPU its weights are float32, whatever the precision: see `precision.matrices_in`. transformers and
    sentence-transformers unpickle nothing but tensors: weights that are no safetensors are loaded with `weights_only`.
    `attention` is transformers' name of an implementation.

    Raises:
        ModelUnusable: there is no such model in the folder, or it needs code of its own that it may not run.
    """
    with silence_libraries():
        import torch
        from sentence_transformers import SentenceTransformer

        dtype = torch.float32 if placement.device == "cpu" else getattr(torch, placement.precision)
        try:
            return SentenceTransformer(
                str(folder),
                device=placement.places[0],
                local_files_only=not trust_remote_code,  # code may stand in another repository than its model
                trust_remote_code=trust_remote_code,
                model_kwargs={"dtype": dtype} | ({"attn_implementation": attention} if attention else {}),
            ).eval()
        except Exception as error:  # noqa: BLE001 - damaged and foreign files fail in countless ways
            raise _unusable(folder, placement, error) from None


def _unusable(folder: Path, placement: Placement, error: Exception) -> ModelUnusable:
    said = str(error).strip()
    if any(word in said for word in _REMOTE_CODE):
        return ModelUnusable(
            f"a model is loaded without running code that comes with it, {folder} needs its own: read that code, then "
            "allow it with --trust-remote-code at every command, or choose another model"
        )
    if is_out_of_memory(error):
        return ModelUnusable(
            f"a model must fit into the memory of its device, {folder} does not fit into that of "
            f"{placement.places[0]}: free some, choose another --device, or a smaller model"
        )
    return ModelUnusable(
        f"a model folder holds what sentence-transformers saves, {folder} does not "
        f"({said.partition(chr(10))[0]}): name another folder, or build with the bundled model: "
        "`trichdan index --model bundled`"
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether memory ran out; torch has an exception of it on cuda, elsewhere a text."""
    import torch

    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "out of memory" in said or "t allocate" in said


def text_tokenizer(model: Any) -> Any:  # noqa: ANN401
    """
    The tokenizer of a model that begins with a Transformer over plain text; else None.

    Others (static vectors, a router, chat messages, vectors without token states, code of their own) read whole texts.
    """
    first = model[0]
    own = type(first).__name__ == "Transformer" and type(first).__module__.startswith("sentence_transformers.")
    if not own or "message" in getattr(first, "modality_config", ()):
        return None
    if getattr(first, "module_output_name", "token_embeddings") != "token_embeddings":
        return None
    tokenizer = first.tokenizer
    if tokenizer is not None and tokenizer.pad_token is None:  # decoders: padding is masked, so any token will do
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    return tokenizer


def max_tokens_of(model: Any) -> int:  # noqa: ANN401
    """The tokens that the model reads of a text, special ones included."""
    limits = [model.max_seq_length, *_positions(model)]
    known = [limit for limit in limits if isinstance(limit, int) and 0 < limit <= _UNLIMITED]
    return min(known, default=_DEFAULT_TOKENS)


def _positions(model: Any) -> list[int | None]:  # noqa: ANN401
    """The positions by the settings, and by RoBERTa's table, which begins after the padding."""
    import torch

    config = getattr(model[0], "config", None)
    found = [getattr(config, "max_position_embeddings", None)]
    for module in model.modules():
        table, padding = getattr(module, "position_embeddings", None), getattr(module, "padding_idx", None)
        if isinstance(table, torch.nn.Embedding) and isinstance(padding, int):
            found.append(table.num_embeddings - padding - 1)
    return found


def excludes_prompt(model: Any) -> bool:  # noqa: ANN401
    """Whether the pooling leaves the prompt's tokens out, as INSTRUCTOR models do."""
    return any(getattr(module, "include_prompt", True) is False for module in model)
