"""
How much room a model takes on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embeddings.bundled.weights import bundled_folder, default_cache_dir


def disk_size(model: str | None) -> int:
    """The bytes of a model's files: None for the bundled one, compiled for this machine; 0 where nothing is loaded."""
    return sum(
        file.stat().st_size for folder in _folders(model) for file in folder.rglob("*") if file.is_file()
    )  # the hub's cache has links, whose files count


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
    yield folder if folder.is_dir() else _in_hub_cache(model)


def _in_hub_cache(name: str) -> Path:
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(name, local_files_only=True))
