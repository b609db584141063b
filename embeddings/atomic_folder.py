"""
Folders that are either complete or absent: checked by a manifest, renamed into place.

What lies in one is computed with, so nobody but its owner may write there, and it is compared with its checksums at its
first use. A stamp beside it says of which states of the files that was done: whoever changes a file changes its ctime,
which no program can set.
"""

import errno
import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embeddings.durable_file import file_sha256, fsync
from embeddings.errors import CacheError

MANIFEST = "manifest.json"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def ensure_folder(folder: Path, fill: Callable[[Path], None]) -> Path:
    """
    Return `folder`, written by `fill` first if it is absent or damaged.

    `fill` writes into the path that it is given. Safe for concurrent processes: one fills, the others wait.

    Raises:
        CacheError: the folder cannot be written, or others may write there.
    """
    try:
        if _is_usable(folder):
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            if not _is_usable(folder):
                _make(folder, fill)
                _write_stamp(folder, _states(folder))
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


def check_owner(folder: Path) -> None:
    """
    Take other users' rights to write away.

    Raises:
        CacheError: the folder or a file belongs to somebody who is neither this user nor root, or stays open to others.
    """
    for path in (folder, *folder.rglob("*")):
        status = path.lstat()
        others = 0 if stat.S_ISLNK(status.st_mode) else status.st_mode & _OTHERS_WRITE
        if others and status.st_uid == os.geteuid():
            try:
                path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS_WRITE)
            except OSError as error:
                if error.errno != errno.EROFS:  # where nobody writes, nobody has the right to
                    raise
        elif status.st_uid not in (0, os.geteuid()) or others & stat.S_IWOTH or (others and status.st_gid != 0):
            raise CacheError(
                f"a model folder belongs to its user or to root, and nobody else may write there, {path} belongs to "
                f"user {status.st_uid}, mode {stat.S_IMODE(status.st_mode):o}: remove it, or set TRICHDAN_CACHE to "
                "another folder"
            )


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


def _is_usable(folder: Path) -> bool:
    """Whether the folder is intact, nobody else's, and its contents are what was written."""
    if not is_intact(folder):
        return False
    check_owner(folder)
    try:
        states = _states(folder)
        if _read_stamp(folder) == states:
            return True
        verify(folder)
    except (CacheError, OSError, ValueError, KeyError, TypeError):  # damaged, or replaced by another process meanwhile
        return False
    _write_stamp(folder, states)
    return True


def _states(folder: Path) -> dict[str, list[int]]:
    """What changes whenever a file does, by name."""
    found = {name: (folder / name).stat() for name in (*_manifest(folder), MANIFEST)}
    return {name: [each.st_size, each.st_mtime_ns, each.st_ctime_ns, each.st_ino] for name, each in found.items()}


def _stamp(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.verified")


def _read_stamp(folder: Path) -> object:
    """The states that were compared; None if others could have written them."""
    try:
        with _stamp(folder).open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            if status.st_uid not in (0, os.geteuid()) or status.st_mode & _OTHERS_WRITE:
                return None
            return json.load(file)
    except (OSError, ValueError, RecursionError):
        return None


def _write_stamp(folder: Path, states: dict[str, list[int]]) -> None:
    """Keep what was compared; where that cannot be written, the next process compares again."""
    with suppress(OSError):
        descriptor, name = tempfile.mkstemp(prefix=_prefix(folder), dir=folder.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                os.fchmod(descriptor, 0o644)  # what root has compared may be used by others
                json.dump(states, file)
            Path(name).replace(_stamp(folder))
        finally:
            Path(name).unlink(missing_ok=True)


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
