"""
Load an encoder: bundled, from a folder or from the hub.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.bundled import weights
from embeddings.errors import ModelNotFound, ModelUnusable
from embeddings.openvino_engine.runtime import is_installed
from embeddings.torch_engine.bundled_encoder import BundledEncoder
from embeddings.torch_engine.library_output import silence_libraries
from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from embeddings.engine import WantedEngine
    from embeddings.precision import WantedPrecision
    from embeddings.prompts import Prompts

# The same weights for other frameworks.
_IGNORED_FILES = ("*.h5", "*.msgpack", "*.ot", "*.onnx", "*.onnx_data", "onnx/*", "openvino/*", "*.gguf")

_LOGGER = logging.getLogger(__name__)
_REMEDY = "check the name and the network, or take the bundled one with `--model bundled`"


def load_encoder(
    model: str | None = None,
    *,
    engine: WantedEngine = "auto",
    precision: WantedPrecision = "auto",
    prompts: Prompts | None = None,
    cache_dir: Path | None = None,
) -> Encoder:
    """
    Load the encoder `model`: None for the bundled multilingual-e5-small, else a folder or hub name.

    Args:
        model: a name that is no folder is looked up on the hub (and in the hub's cache).
        engine: "auto" takes OpenVINO for the bundled model where it is installed and its vectors agree.
        precision: of passages: "auto", or the one that an index was built with.
        prompts: instead of the model's own.
        cache_dir: where the bundled model is unpacked; see `bundled.weights.default_cache_dir`.

    Raises:
        ModelNotFound, ModelUnusable, BundledFileError, CacheError: see `embeddings.errors`.
    """
    # Idle OpenMP threads sleep instead of spinning. With another process on the same two cores a query took
    # 990 ms spinning, 72 ms sleeping. OpenMP reads this when torch loads it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if model is None:
        return _bundled(engine, precision, prompts, cache_dir or weights.default_cache_dir())
    if engine == "openvino":
        raise ModelUnusable(f"OpenVINO runs the bundled model only, found {model}: leave out one of the two")
    folder = Path(model).expanduser()
    if folder.is_dir():
        return SentenceTransformerEncoder(folder, prompts=prompts, precision=precision)
    return SentenceTransformerEncoder(_find_on_hub(model), name=model, prompts=prompts, precision=precision)


def _bundled(engine: WantedEngine, precision: WantedPrecision, prompts: Prompts | None, cache_dir: Path) -> Encoder:
    folder = weights.ensure_unpacked(cache_dir)
    if engine != "sentence-transformers":
        try:
            return _compiled(folder, precision, prompts, cache_dir)
        except ModelUnusable as error:
            if engine == "openvino":
                raise
            if is_installed():  # its absence is no fault
                _LOGGER.warning("the slower sentence-transformers is used: %s", error)
    return BundledEncoder(folder, prompts=prompts, precision=precision)


def _compiled(folder: Path, precision: WantedPrecision, prompts: Prompts | None, cache_dir: Path) -> Encoder:
    """The OpenVINO encoder; ModelUnusable gives the reason if there is none."""
    if not is_installed():
        raise ModelUnusable("OpenVINO is not installed: `pip install 'trichdan[fast]'`, or choose another --encoder")
    try:
        from embeddings.openvino_engine.compiled_model import disagreement, ensure_compiled
        from embeddings.openvino_engine.encoder import OpenVinoEncoder

        compiled = ensure_compiled(folder, cache_dir)
        reason = disagreement(compiled)
        if not reason:
            return OpenVinoEncoder(folder, compiled, prompts=prompts, precision=precision)
    except Exception as error:  # noqa: BLE001 - partial installations and damaged files fail in countless ways
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
    raise ModelUnusable(
        f"OpenVINO cannot run the bundled model here ({reason}): install its [fast] version again, or remove the "
        f"folder with openvino in its name in {cache_dir}, which is made anew"
    )


def _find_on_hub(name: str) -> Path:
    if name.startswith(("/", ".", "~")):
        raise ModelNotFound(f"a model is a folder or a hub name, and there is no folder {name}: {_REMEDY}")
    try:
        with silence_libraries():
            return _download(name)
    except (OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelNotFound(
            f"a model is a folder or a hub name; there is no folder {name}, and the hub gave nothing "
            f"({reason}): {_REMEDY}"
        ) from None


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(name, ignore_patterns=[*_IGNORED_FILES, "*.bin"]))
    if not any(folder.rglob("*.safetensors")):
        # An older model: its weights are in PyTorch's own format only.
        folder = Path(snapshot_download(name, ignore_patterns=[*_IGNORED_FILES]))
    return folder
