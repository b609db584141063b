"""
How much room a model takes on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from embeddings.bundled.weights import bundled_folder, default_cache_dir


def disk_size(model: str | None) -> int:
    """
    The bytes of a model's files, None for the bundled one.

    The bundled one's are those that it was unpacked and compiled to. Links of the hub's cache count as their files. 0
    where the hub's cache has no such model.
    """
    return sum(file.stat().st_size for folder in _folders(model) for file in folder.rglob("*") if file.is_file())


def _folders(model: str | None) -> Iterator[Path]:
    if model is None:
        cache = default_cache_dir()
        yield bundled_folder(cache)
        from embeddings.openvino_engine.compiled_model import compiled_folder
        from embeddings.openvino_engine.runtime import is_installed

        if is_installed():
            yield compiled_folder(cache)
        return
    folder = Path(model).expanduser()
    if folder.is_dir():
        yield folder
        return
    from huggingface_hub import snapshot_download

    with suppress(OSError, ValueError):
        yield Path(snapshot_download(model, local_files_only=True))
