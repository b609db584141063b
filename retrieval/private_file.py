"""
Files and folders that only their owner may read.

Where they exist with more rights, these are taken away. They hold the text of documents or questions, whatever the
rights of the documents.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS: Final = 0o077


def make_private_file(path: Path) -> None:
    """Make a file if there is none, and take other users' rights to it away."""
    if not path.exists():
        path.touch(mode=0o600)
    take_rights_away(path)


def take_rights_away(path: Path) -> None:
    """Take other users' rights away; somebody else's file keeps them, and `trichdan doctor` names it."""
    if is_open_to_others(path):
        with suppress(PermissionError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)


def is_open_to_others(path: Path) -> bool:
    """Whether other users have rights to what is there; links are not followed."""
    try:
        status = path.lstat()
    except OSError:  # nothing is there, or nobody may look
        return False
    return not stat.S_ISLNK(status.st_mode) and bool(stat.S_IMODE(status.st_mode) & _OTHERS)


@contextmanager
def private_umask() -> Iterator[None]:
    """
    What the process makes in the block is its owner's alone.

    For a process that has no other work at that time.
    """
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)
