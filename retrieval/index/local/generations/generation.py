"""
Generations: complete, immutable versions of an index, and the pointer to the live one.

A build writes beside the live generation and moves the pointer atomically, so that a crash leaves either the old
generation or the new one, never a mixture.

    index/
    ├── CURRENT             the name of the live generation
    ├── lock                held by the running build
    ├── settings.json       the operator's choices: see `settings_file`
    ├── embeddings.sqlite   vectors already computed
    ├── contents.sqlite     content read from files
    ├── recognised/         OCR results, by the file's sha256
    └── generations/NAME/   manifest.json, store.sqlite, vocabulary.sqlite, abbreviations.json, definitions.npy,
                            projection.npz (if it was learned),
                            dense.faiss, windows.npy, windows-full.npy (if there are many), tokens.npy,
                            tokens-ends.npy, lexical/, forward.bin, forward-ends.npy, forward-lengths.npy
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from embeddings.durable_file import file_sha256, fsync
from retrieval.errors import BuildInProgress, DamagedIndex, MissingIndex
from retrieval.index.local.generations.projection_file import read_projection
from retrieval.index.manifest import (
    BuildOrigin,
    Manifest,
    manifest_from,
    manifest_text,
    origin_from,
    unreadable_manifest,
)

_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
PARTIAL = ".partial"  # suffix of a generation being written or removed


def live_folder(index: Path) -> Path:
    """The live generation's folder; MissingIndex when nothing was built here."""
    try:
        name = (index / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise MissingIndex(
            f"an index is needed, there is none in {index}: build it with `trichdan index FOLDER --index {index}`"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{index / _POINTER} cannot be read ({error}): run `trichdan index --rebuild`") from error
    folder = index / "generations" / name
    if not name or "/" in name or not folder.is_dir():
        raise DamagedIndex(
            f"{index / _POINTER} names a generation, found {name!r}, which is not there: run `trichdan index --rebuild`"
        )
    return folder


def read_manifest(generation: Path) -> Manifest:
    """The manifest; DamagedIndex when it is unreadable, IndexMismatch when another version wrote it."""
    path = generation / _MANIFEST
    return manifest_from(_manifest_text(path), path, lambda: read_projection(generation))


def build_origin(generation: Path) -> BuildOrigin:
    """What a generation of any format was built from; DamagedIndex when it does not say."""
    path = generation / _MANIFEST
    return origin_from(_manifest_text(path), path)


def _manifest_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable_manifest(path, error) from error


def verify(generation: Path, manifest: Manifest) -> None:
    """Compare every file with its checksum; DamagedIndex names the first that differs."""
    for name, expected in manifest.files.items():
        path = generation / name
        try:
            found = file_sha256(path)
        except OSError as error:
            raise DamagedIndex(f"{path} cannot be read ({error.strerror}): run `trichdan index --rebuild`") from error
        if found != expected:
            raise DamagedIndex(f"{path} differs from its checksum: run `trichdan index --rebuild`")


@contextmanager
def build_lock(index: Path) -> Iterator[None]:
    """Hold the build lock, after removing an interrupted build's leftovers; BuildInProgress when it is taken."""
    (index / "generations").mkdir(parents=True, exist_ok=True)
    with (index / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildInProgress(
                f"one process builds in {index} at a time, another is at it: wait for it to end"
            ) from None
        for leftover in (index / "generations").glob(f"*{PARTIAL}"):
            shutil.rmtree(leftover)
        yield


@contextmanager
def new_folder(index: Path) -> Iterator[Path]:
    """A temporary folder for a new generation, invisible to readers; removed unless published."""
    folder = index / "generations" / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}{PARTIAL}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # leftovers are removed by the next build


def seal(partial: Path, manifest: Manifest) -> None:
    """Write the manifest and fsync everything."""
    with (partial / _MANIFEST).open("w", encoding="utf-8") as file:
        file.write(manifest_text(manifest))
    for path in sorted(partial.rglob("*"), reverse=True):
        fsync(path)
    fsync(partial)


def publish(index: Path, partial: Path) -> Path:
    """Give a sealed generation its final name and make it live, atomically."""
    final = partial.with_name(partial.name.removesuffix(PARTIAL))
    pointer = _pointer_to(index, final)  # first, since a full disk may refuse it
    partial.rename(final)
    fsync(final.parent)
    pointer.replace(index / _POINTER)
    fsync(index)
    return final


def return_to(index: Path, generation: Path) -> None:
    """Make an earlier generation live again, atomically."""
    _pointer_to(index, generation).replace(index / _POINTER)
    fsync(index)


def checksums(folder: Path) -> dict[str, str]:
    """Relative path -> sha256 of every file below the folder."""
    # Tantivy's empty lock files come and go with readers.
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}


def _pointer_to(index: Path, generation: Path) -> Path:
    """Write a new pointer beside the current one and fsync it."""
    pointer = index / f"{_POINTER}.new"
    pointer.write_text(f"{generation.name}\n", encoding="utf-8")
    fsync(pointer)
    return pointer
