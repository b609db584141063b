"""
Load an encoder: bundled, from a folder or from the hub.
"""

from __future__ import annotations

import dataclasses
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.bundled import weights
from embeddings.device import Accelerators, find_accelerators, may_have_accelerator, place
from embeddings.errors import ModelNotFound, ModelUnusable
from embeddings.load_options import DEFAULT_OPTIONS, LoadOptions
from embeddings.openvino_engine.runtime import is_installed
from embeddings.torch_engine.bundled_encoder import BundledEncoder
from embeddings.torch_engine.library_output import silence_libraries

if TYPE_CHECKING:
    from embeddings.device import Placement
    from embeddings.encoder import Encoder
    from embeddings.engine import WantedEngine
    from embeddings.openvino_engine.encoder import OpenVinoEncoder
    from embeddings.precision import WantedPrecision
    from embeddings.prompts import Prompts

# The same weights for other frameworks.
_IGNORED_FILES = ("*.h5", "*.msgpack", "*.ot", "*.onnx", "*.onnx_data", "onnx/*", "openvino/*", "*.gguf")

_LOGGER = logging.getLogger(__name__)
_REMEDY = "check the name and the network, or build with the bundled one: `trichdan index --model bundled`"


def load_encoder(
    model: str | None = None,
    *,
    options: LoadOptions = DEFAULT_OPTIONS,
    engine: WantedEngine | None = None,
    precision: WantedPrecision = "auto",
    dimensions: int | None = None,
    prompts: Prompts | None = None,
    cache_dir: Path | None = None,
) -> Encoder:
    """
    Load the encoder `model`: None for the bundled multilingual-e5-small, else a folder or hub name.

    Args:
        model: a name that is no folder is looked up on the hub (and in the hub's cache).
        options: engine and device. "auto" takes OpenVINO for the bundled model on a CPU, where it is installed and its
            vectors agree; and a GPU where torch finds one.
        engine: instead of that of the options.
        precision: of passages: "auto", or the one that an index was built with.
        dimensions: cut vectors to so many; None leaves them as they are.
        prompts: instead of the model's own.
        cache_dir: where the bundled model is unpacked; see `bundled.weights.default_cache_dir`.

    Raises:
        ModelNotFound, ModelUnusable, DeviceNotFound, BundledFileError, CacheError: see `embeddings.errors`.
    """
    # Idle OpenMP threads sleep instead of spinning. With another process on the same two cores a query took
    # 990 ms spinning, 72 ms sleeping. OpenMP reads this when torch loads it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if engine is not None:
        options = LoadOptions(engine, options.device, options.trust_remote_code)
    if model is None:
        return _bundled(options, precision, dimensions, prompts, cache_dir or weights.default_cache_dir())
    return _other(model, options, precision, dimensions, prompts, cache_dir)


def _other(
    model: str,
    options: LoadOptions,
    precision: WantedPrecision,
    dimensions: int | None,
    prompts: Prompts | None,
    cache_dir: Path | None,
) -> Encoder:
    """
    Another model.

    What it needs is imported here: a question about the bundled one would wait for it.
    """
    from embeddings.any_model.encoder import name_of
    from embeddings.openvino_engine.any_model import load_compiled_model
    from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder

    folder = Path(model).expanduser()
    name = name_of(folder) if folder.is_dir() else model
    folder = folder if folder.is_dir() else _find_on_hub(model)
    placement = _placement(options, precision)
    compiled = load_compiled_model(
        folder, name, options, placement, prompts=prompts, dimensions=dimensions, cache_dir=cache_dir
    )
    if not isinstance(compiled, str):
        return compiled
    if options.engine == "openvino":
        raise ModelUnusable(f"OpenVINO does not run {name} ({compiled}): leave out --encoder")
    return SentenceTransformerEncoder(
        folder,
        name=name,
        prompts=prompts,
        placement=dataclasses.replace(
            placement, reason=f"{placement.reason}{compiled and f'; not OpenVINO: {compiled}'}"
        ),
        dimensions=dimensions,
        trust_remote_code=options.trust_remote_code,
    )


def _bundled(
    options: LoadOptions,
    precision: WantedPrecision,
    dimensions: int | None,
    prompts: Prompts | None,
    cache_dir: Path,
) -> Encoder:
    placement = _placement(options, precision)
    folder = weights.ensure_unpacked(cache_dir)
    if placement.device != "cpu" or dimensions is not None:
        return _bundled_by_library(folder, placement, dimensions, prompts, options.engine)
    encoder = _on_cpu(folder, options.engine, precision, prompts, cache_dir)
    encoder.device_reason = placement.reason
    return encoder


def _on_cpu(
    folder: Path, engine: WantedEngine, precision: WantedPrecision, prompts: Prompts | None, cache_dir: Path
) -> BundledEncoder | OpenVinoEncoder:
    if engine != "sentence-transformers":
        try:
            return _compiled(folder, precision, prompts, cache_dir)
        except ModelUnusable as error:
            if engine == "openvino":
                raise
            if is_installed():  # its absence is no fault
                _LOGGER.warning("the slower sentence-transformers is used: %s", error)
    return BundledEncoder(folder, prompts=prompts, precision=precision)


def _placement(options: LoadOptions, precision: WantedPrecision) -> Placement:
    """
    Where a model runs.

    Found without torch where there is no GPU: a question would wait for the import.
    """
    wanted = "cpu" if options.device == "auto" and options.engine == "openvino" else options.device
    is_open = wanted != "cpu" and (wanted != "auto" or may_have_accelerator())
    return place(wanted, precision, find_accelerators() if is_open else Accelerators())


def _bundled_by_library(
    folder: Path, placement: Placement, dimensions: int | None, prompts: Prompts | None, engine: WantedEngine
) -> Encoder:
    """The bundled model as any other is run: on a GPU, or cut."""
    if engine == "openvino":
        raise ModelUnusable(
            "OpenVINO runs the bundled model on the CPU, with all its dimensions: leave out --encoder, or --device and "
            "--dimensions"
        )
    from embeddings.projection import bundled_projection
    from embeddings.prompts import E5
    from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(
        folder,
        name=weights.NAME,
        prompts=prompts or E5,
        placement=placement,
        dimensions=dimensions,
        weights=weights.weights_id(),
        projection=bundled_projection(),
    )


def _compiled(folder: Path, precision: WantedPrecision, prompts: Prompts | None, cache_dir: Path) -> OpenVinoEncoder:
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
