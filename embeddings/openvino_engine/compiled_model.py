"""
Where the compiled model lies in the cache, and whether its vectors may stand for the model's.

Apart from `exporting`, which makes it: this is asked at every start, and imports no torch.
"""

from __future__ import annotations

import hashlib
import json
import platform
from typing import TYPE_CHECKING

from embeddings import atomic_folder
from embeddings.bundled import weights
from embeddings.openvino_engine.runtime import openvino
from embeddings.precision import Precision, cpu_flags

if TYPE_CHECKING:
    from pathlib import Path

# Raise it whenever the exported files would be others.
EXPORT_VERSION = 1
PIECES_FILE = "pieces.sqlite"
AGREEMENT_FILE = "agreement.json"
# The cosine to torch's float32 that each vector of the probes has at least.
MIN_COSINE: dict[Precision, float] = {"float32": 0.9999, "bfloat16": 0.999}


def network_file(folder: Path, precision: Precision) -> Path:
    """The compiled network in the compiled model's folder."""
    return folder / f"{precision}.blob"


def compiled_folder(cache_dir: Path) -> Path:
    """
    Where the compiled model lies below the cache, whether or not it is there. A network is compiled for one kind of
    processor by one version of OpenVINO, and a cache may be shared: both are part of the name.
    """
    kind = hashlib.sha256(" ".join(sorted(cpu_flags()) or [platform.machine()]).encode()).hexdigest()[:8]
    unpacked = weights.bundled_folder(cache_dir).name
    return cache_dir / f"{unpacked}-openvino-{openvino().__version__.partition('-')[0]}-{kind}-{EXPORT_VERSION}"


def ensure_compiled(model: Path, cache_dir: Path) -> Path:
    """
    The compiled model's folder, made now (some fifteen seconds) if it is not there or not intact.

    Raises:
        CacheError: the cache cannot be written.
    """

    def fill(folder: Path) -> None:
        from embeddings.openvino_engine.export import write_compiled

        write_compiled(model, folder)

    return atomic_folder.ensure_folder(compiled_folder(cache_dir), fill)


def disagreement(folder: Path) -> str:
    """Why the compiled model is not to be used; nothing if its vectors agree."""
    found: dict[Precision, float] = json.loads((folder / AGREEMENT_FILE).read_text("utf-8"))
    wrong = [
        f"{name} {cosine}, not {MIN_COSINE[name]}" for name, cosine in found.items() if not cosine >= MIN_COSINE[name]
    ]
    return f"its vectors differ from sentence-transformers' (cosine in {', '.join(wrong)})" if wrong else ""
