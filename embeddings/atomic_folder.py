"""
Folders that are either complete or absent: checked by a manifest, renamed into place.
"""

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embeddings.durable_file import file_sha256, fsync
from embeddings.errors import CacheError

MANIFEST = "manifest.json"


def ensure_folder(folder: Path, fill: Callable[[Path], None]) -> Path:
    """
    Return `folder`, written by `fill` first if it is absent or damaged.

    `fill` writes into the path that it is given. Safe for concurrent processes: one fills, the others wait.

    Raises:
        CacheError: the folder cannot be written.
    """
    if is_intact(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            if not is_intact(folder):
                _make(folder, fill)
    except OSError as error:
        raise CacheError(
            f"the model cache must be writable, with some 300 MB free, but {folder.parent} gave "
            f"'{error.strerror or error}': free some space, or set TRICHDAN_CACHE to another folder"
        ) from error
    return folder


def is_intact(folder: Path) -> bool:
    """Whether every file of the manifest exists in full size. Reads no contents."""
    try:
        return all((folder / name).stat().st_size == seal["bytes"] for name, seal in _manifest(folder).items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def verify(folder: Path) -> None:
    """
    Compare every file with its checksum.

    Raises:
        CacheError: names the first file that is missing or differs.
    """
    if not is_intact(folder):
        raise CacheError(f"a model folder holds every file of its manifest in full size, {folder} does not: {_REMEDY}")
    for name, seal in _manifest(folder).items():
        found = file_sha256(folder / name)
        if found != seal["sha256"]:
            raise CacheError(f"{folder / name} was written with sha256 {seal['sha256']}, it now has {found}: {_REMEDY}")


_REMEDY = "delete the folder, it is made anew at the next start"


def _manifest(folder: Path) -> dict[str, dict[str, str | int]]:
    manifest: dict[str, dict[str, str | int]] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return manifest


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    _sweep(folder)
    fresh = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        fill(fresh)
        _write_manifest(fresh)
        if folder.exists():
            folder.rename(fresh.with_name(fresh.name + "-damaged"))
        fresh.rename(folder)
        fsync(folder.parent)
    finally:
        _sweep(folder)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.part-"


def _sweep(folder: Path) -> None:
    """Remove the leftovers of a killed process; only the lock holder has such folders."""
    for left in folder.parent.glob(_prefix(folder) + "*"):
        shutil.rmtree(left, ignore_errors=True)


def _write_manifest(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seals = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in files
    }
    (folder / MANIFEST).write_text(json.dumps(seals, indent=1), "utf-8")
    for path in (folder, *folder.rglob("*")):  # mkdtemp's 0700, or a private umask, would hide a cache that users share
        path.chmod(0o755 if path.is_dir() else 0o644)
    for path in [*files, folder / MANIFEST, folder]:
        fsync(path)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The kernel releases it when the process dies."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
