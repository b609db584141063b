"""
Read the bytes of regular files only: pipes would block, devices never end.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from retrieval.errors import SizeError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path


def read_regular_file(path: Path, source: str, most: int, *, resolved: Path | None = None) -> bytes:
    """
    Read at most `most` bytes of an unchanging file; DocumentError naming `source` otherwise.

    `resolved`: where the path led when it was checked. That file is read, and no link that has taken its place.
    """
    try:
        # Before opening: opening a device may have effects.
        _check(path.stat() if resolved is None else resolved.lstat(), source, most)
        # A pipe may have replaced the file since: without a writer, O_NONBLOCK opens it at once, empty.
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags) if resolved is None else open_without_links(resolved, flags)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(descriptor)
            _check(before, source, most)
            data = file.read(most + 1)
            after = os.fstat(descriptor)
    except OSError as error:
        raise UnreadableError(
            f"a document must be readable, {source} is not ({error.strerror}): check that it is a file "
            "and that you may read it"
        ) from error
    except ValueError as error:  # a NUL in the name
        raise UnreadableError(f"a file has a name that the system knows, {source!a} has none: rename it") from error
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnreadableError(
            f"a document stays as it is while it is read, {source} was being written: index again when that is done"
        )
    return data


def open_without_links(path: Path, flags: int) -> int:
    """Open an absolute path of which no part is a link, or OSError."""
    way = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY  # macOS has no O_PATH
    folder = os.open(path.anchor, way)
    try:
        for part in path.parts[1:-1]:
            below = os.open(part, way | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(path.name, flags | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _check(status: os.stat_result, source: str, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError(f"a document is a file, {source} is not: name a file")
    if status.st_size > most:
        raise SizeError(
            f"a document is at most {most:,} bytes, {source} has {status.st_size:,}: split it into several files"
        )
