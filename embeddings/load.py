"""
The one entrance: a model's name, or nothing, to a ready encoder.

Apart from the encoders because finding a model (bundled, folder, hub) is about places, not vectors.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings import bundled
from embeddings.bundled_encoder import BundledEncoder
from embeddings.errors import ModelNotFound
from embeddings.quiet import quiet
from embeddings.sentence_transformer import SentenceTransformerEncoder

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from embeddings.precision import WantedPrecision
    from embeddings.prompts import Prompts

# Other frameworks' copies of the same weights.
_NOT_NEEDED = ("*.h5", "*.msgpack", "*.ot", "*.onnx", "*.onnx_data", "onnx/*", "openvino/*", "*.gguf")

_REMEDY = "check the name and the network, or leave the model out to use the bundled one"


def load_encoder(
    model: str | None = None,
    *,
    precision: WantedPrecision = "auto",
    prompts: Prompts | None = None,
    cache_dir: Path | None = None,
) -> Encoder:
    """
    The encoder for `model`: None for the bundled multilingual-e5-small, else a folder or a hub name.

    Args:
        model: a name without a folder of that name is looked for on the hub (and in the hub's own cache).
        precision: of passages: "auto", or the one that an index was built with.
        prompts: instead of those the model's settings give.
        cache_dir: where the bundled model is unpacked; see `bundled.default_cache_dir`.

    Raises:
        ModelNotFound, ModelUnusable, BundledFileError, CacheError: see `embeddings.errors`.
    """
    # Idle threads of a matrix product sleep instead of spinning. Where another process used the same two
    # cores, spinning made a question take 990 ms, sleeping 72 ms. OpenMP reads it when torch loads it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if model is None:
        folder = bundled.ensure_unpacked(cache_dir or bundled.default_cache_dir())
        return BundledEncoder(folder, prompts=prompts, precision=precision)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return SentenceTransformerEncoder(folder, prompts=prompts, precision=precision)
    return SentenceTransformerEncoder(_from_hub(model), name=model, prompts=prompts, precision=precision)


def _from_hub(name: str) -> Path:
    if name.startswith(("/", ".", "~")):
        raise ModelNotFound(f"a model is a folder or a hub name, and there is no folder {name}: {_REMEDY}")
    try:
        with quiet():
            return _downloaded(name)
    except (OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelNotFound(
            f"a model is a folder or a hub name; there is no folder {name}, and the hub gave nothing "
            f"({reason}): {_REMEDY}"
        ) from None


def _downloaded(name: str) -> Path:
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(name, ignore_patterns=[*_NOT_NEEDED, "*.bin"]))
    if not any(folder.rglob("*.safetensors")):
        # An older model: its weights are in PyTorch's own format only.
        folder = Path(snapshot_download(name, ignore_patterns=[*_NOT_NEEDED]))
    return folder
