"""
The compiled cross-encoder in the cache: its folder, and whether it may be used.

Imports no torch: asked at every start.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings import atomic_folder
from embeddings.cross_encoder.weights_file import SHA256
from embeddings.openvino_engine.compiled_files import AGREEMENT_FILE
from embeddings.openvino_engine.compiled_model import compiler_name

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.precision import Precision
    from embeddings.vectors import Vectors

SEGMENT_FILE = "segment.npy"
EXPORT_VERSION = 1  # bump when the exported files would change
# The largest difference of a probe's log odds from torch's float32: a quarter moves a probability by 0.06 at most.
MAX_DIFFERENCE: dict[Precision, float] = {"float32": 0.01, "bfloat16": 0.25}


def ensure_compiled_cross_encoder(model: Path, pieces: Path, cache_dir: Path) -> Path:
    """
    The compiled cross-encoder's folder, made first (some ten seconds) if it is missing or damaged.

    Args:
        model: the unpacked bundled model.
        pieces: its compiled form, which has the pieces of the tokenizer.

    Raises:
        CacheError: the cache cannot be written.
    """

    def fill(folder: Path) -> None:
        from embeddings.openvino_engine.cross_encoder_export import write_compiled_cross_encoder

        write_compiled_cross_encoder(model, pieces, folder)

    name = f"cross-encoder-{SHA256[:8]}-{compiler_name()}-{EXPORT_VERSION}"
    return atomic_folder.ensure_folder(cache_dir / name, fill)


def read_segment(compiled: Path) -> Vectors:
    """What is added to the word rows of the text, (dim,) float32."""
    segment: Vectors = np.load(compiled / SEGMENT_FILE, allow_pickle=False)
    return segment


def cross_encoder_disagreement(folder: Path) -> str:
    """The reason not to use the compiled cross-encoder; "" if its log odds agree."""
    found: dict[Precision, float] = json.loads((folder / AGREEMENT_FILE).read_text("utf-8"))
    wrong = [f"{each} by {apart}" for each, apart in found.items() if not apart <= MAX_DIFFERENCE[each]]
    return f"its log odds differ from torch's ({', '.join(wrong)})" if wrong else ""
