"""
The compiled model in the cache: its folder, and whether it may be used.

Imports no torch: asked at every start.
"""

from __future__ import annotations

import hashlib
import json
import platform
from typing import TYPE_CHECKING

from embeddings import atomic_folder
from embeddings.bundled import weights
from embeddings.openvino_engine.compiled_files import AGREEMENT_FILE, MIN_COSINE
from embeddings.openvino_engine.runtime import openvino
from embeddings.precision import cpu_flags

if TYPE_CHECKING:
    from pathlib import Path

    from embeddings.precision import Precision

# Bump when the exported files would change.
EXPORT_VERSION = 1


def compiled_folder(cache_dir: Path) -> Path:
    """
    The path of the compiled model in the cache, whether or not it exists.

    A network is compiled for one kind of processor by one version of OpenVINO, and a cache may be shared: both are part
    of the name.
    """
    return cache_dir / f"{weights.bundled_folder(cache_dir).name}-{compiler_name()}-{EXPORT_VERSION}"


def compiler_name() -> str:
    """OpenVINO's version and the kind of processor."""
    kind = hashlib.sha256(" ".join(sorted(cpu_flags()) or [platform.machine()]).encode()).hexdigest()[:8]
    return f"openvino-{openvino().__version__.partition('-')[0]}-{kind}"


def ensure_compiled(model: Path, cache_dir: Path) -> Path:
    """
    The compiled model's folder, made first (some fifteen seconds) if it is missing or damaged.

    Raises:
        CacheError: the cache cannot be written.
    """

    def fill(folder: Path) -> None:
        from embeddings.openvino_engine.export import write_compiled

        write_compiled(model, folder)

    return atomic_folder.ensure_folder(compiled_folder(cache_dir), fill)


def disagreement(folder: Path) -> str:
    """The reason not to use the compiled model; "" if its vectors agree."""
    found: dict[Precision, float] = json.loads((folder / AGREEMENT_FILE).read_text("utf-8"))
    wrong = [
        f"{name} {cosine}, not {MIN_COSINE[name]}" for name, cosine in found.items() if not cosine >= MIN_COSINE[name]
    ]
    return f"its vectors differ from sentence-transformers' (cosine in {', '.join(wrong)})" if wrong else ""
