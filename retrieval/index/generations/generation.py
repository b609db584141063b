"""
Generations: an index folder holds complete, immutable versions of the index, and one pointer to the live one.

A build writes beside the live generation and moves the pointer in one atomic step, so a crash at any moment
leaves either the old generation or the new one, never a mixture.

    index/
    ├── CURRENT             the name of the live generation
    ├── lock                held by whoever builds
    ├── settings.json       what the operator said once: see `settings`
    ├── embeddings.sqlite   vectors already computed
    ├── contents.sqlite     what was read from files
    └── generations/NAME/   manifest.json, store.sqlite, vocabulary.sqlite, abbreviations.json, definitions.npy,
                            dense.faiss, windows.npy, windows-full.npy (if there are many), tokens.npy,
                            tokens-ends.npy, lexical/, forward.bin, forward-ends.npy, forward-lengths.npy
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from embeddings import Precision
from retrieval.errors import BuildInProgress, DamagedIndex, IndexMismatch, MissingIndex
from retrieval.index.dense.search_plan import SearchPlan

FORMAT = 6  # raised whenever an index of before would be read or searched wrongly
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
PARTIAL = ".partial"  # ends the name of what is being written or removed


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of; `files` maps each file's relative path to the sha256 of its bytes."""

    created: str  # ISO 8601, UTC
    program: str  # what computed it: see `inheritance`
    model: str | None  # what --model was given; None for the bundled one
    precision: Precision
    fingerprint: str
    token_fingerprint: str
    root: str | None  # the corpus, relative to the index folder; None when there are no files to compare with
    documents: int
    passages: int
    windows: int
    files: dict[str, str]
    search: SearchPlan | None = None  # None: exact, as it was before there was a choice
    previous: str | None = None  # the generation that was live when this one was built; see `generations`
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class BuildOrigin:
    """The corpus and the model of a generation, as in its `Manifest`: what is needed to build it anew."""

    root: str | None
    model: str | None


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
    try:
        fields = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        found = fields["format"]
        if found == FORMAT:
            plan = fields.pop("search", None)
            return Manifest(**fields, search=SearchPlan(**plan) if plan else None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(
            f"{generation / _MANIFEST} cannot be read ({error}): run `trichdan index --rebuild`"
        ) from error
    raise IndexMismatch(
        f"this version reads indexes of format {FORMAT}, {generation} has format {found}: "
        "run `trichdan index --rebuild`"
    )


def build_origin(generation: Path) -> BuildOrigin:
    """What a generation was built from, also one that another version wrote; DamagedIndex when it does not say."""
    try:
        fields = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        return BuildOrigin(fields["root"], fields["model"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(
            f"{generation / _MANIFEST} cannot be read ({error}): run `trichdan index --rebuild`"
        ) from error


def verify(generation: Path, manifest: Manifest) -> None:
    """Compares every file with its checksum; DamagedIndex names the first that differs."""
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
    """
    Holds the folder's build lock and clears what an interrupted build left; BuildInProgress when it is taken.
    """
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
    """An empty folder to write a generation into, not visible to readers; gone afterwards if it was not published."""
    folder = index / "generations" / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}{PARTIAL}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is cleared by the next build


def seal(partial: Path, manifest: Manifest) -> None:
    """Writes the manifest and puts everything on disk for good."""
    with (partial / _MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
    for path in sorted(partial.rglob("*"), reverse=True):
        _fsync(path)
    _fsync(partial)


def publish(index: Path, partial: Path) -> Path:
    """Gives a sealed generation its final name and makes it the live one, in one step."""
    final = partial.with_name(partial.name.removesuffix(PARTIAL))
    pointer = _pointer_to(index, final)  # first what a full disk may refuse, then what it may not
    partial.rename(final)
    _fsync(final.parent)
    pointer.replace(index / _POINTER)
    _fsync(index)
    return final


def return_to(index: Path, generation: Path) -> None:
    """Makes an earlier generation the live one again, in one step."""
    _pointer_to(index, generation).replace(index / _POINTER)
    _fsync(index)


def checksums(folder: Path) -> dict[str, str]:
    """Relative path -> sha256 of every file below the folder."""
    # Tantivy leaves empty lock files that come and go with readers.
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pointer_to(index: Path, generation: Path) -> Path:
    """A pointer to the generation, on disk, beside the one that counts."""
    pointer = index / f"{_POINTER}.new"
    pointer.write_text(f"{generation.name}\n", encoding="utf-8")
    _fsync(pointer)
    return pointer


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
