"""How much room a model takes."""

from __future__ import annotations

from pathlib import Path

from embeddings.bundled.weights import bundled_folder, default_cache_dir, ensure_unpacked
from embeddings.disk_size import disk_size


def test_a_folder_is_as_large_as_its_files(tmp_path: Path) -> None:
    """Also those below it, and those that the hub's cache keeps elsewhere, by the files that links lead to."""
    (tmp_path / "blob").write_bytes(b"0" * 1000)
    folder = tmp_path / "model"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_bytes(b"0" * 10)
    (folder / "model.safetensors").symlink_to(tmp_path / "blob")

    assert disk_size(str(folder)) == 1010


def test_the_bundled_model_is_what_was_made_of_it() -> None:
    """Unpacked, and compiled where there is a compiler."""
    ensure_unpacked(default_cache_dir())

    assert disk_size(None) >= (bundled_folder(default_cache_dir()) / "model.safetensors").stat().st_size


def test_what_was_never_loaded_takes_no_room() -> None:
    """Nothing is asked of the network."""
    assert disk_size("no/such") == 0
