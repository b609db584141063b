"""
Load the cross-encoder: through OpenVINO where that runs it, else in torch.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from embeddings.bundled.weights import default_cache_dir, ensure_unpacked
from embeddings.openvino_engine.runtime import is_installed

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.cross_encoder.cross_encoder import CrossEncoder
    from embeddings.engine import WantedEngine

_LOGGER = logging.getLogger(__name__)


def load_cross_encoder(engine: WantedEngine = "auto", *, cache_dir: Path | None = None) -> CrossEncoder:
    """
    Load the shipped cross-encoder, which runs on the CPU.

    Args:
        engine: "auto" takes OpenVINO where it is installed and agrees with torch.
        cache_dir: where the bundled model is unpacked; see `bundled.weights.default_cache_dir`.

    Raises:
        BundledFileError, CacheError: see `embeddings.errors`.
    """
    cache = cache_dir or default_cache_dir()
    model = ensure_unpacked(cache)
    if engine != "sentence-transformers" and is_installed():
        compiled = _compiled(model, cache)
        if not isinstance(compiled, str):
            return compiled
        _LOGGER.warning("the cross-encoder runs in the slower torch: %s", compiled)
    from embeddings.cross_encoder.weights_file import read_weights, shipped_file
    from embeddings.torch_engine.cross_encoder import TorchCrossEncoder

    return TorchCrossEncoder(read_weights(shipped_file()), model)


def _compiled(model: Path, cache_dir: Path) -> CrossEncoder | str:
    """The compiled cross-encoder, or the reason why there is none."""
    try:
        from embeddings.openvino_engine.compiled_model import ensure_compiled
        from embeddings.openvino_engine.cross_encoder import OpenVinoCrossEncoder
        from embeddings.openvino_engine.cross_encoder_files import (
            cross_encoder_disagreement,
            ensure_compiled_cross_encoder,
        )

        pieces = ensure_compiled(model, cache_dir)
        compiled = ensure_compiled_cross_encoder(model, pieces, cache_dir)
        return cross_encoder_disagreement(compiled) or OpenVinoCrossEncoder(model, pieces, compiled)
    except Exception as error:  # noqa: BLE001 - partial installations and damaged files fail in countless ways
        return str(error).strip().partition("\n")[0] or type(error).__name__
