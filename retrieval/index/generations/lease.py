"""
The Lease: who reads a generation holds one, and no build removes what is held.

On Linux open files outlive their removal, but a reader opens some only when it needs them.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from retrieval.errors import DamagedIndex

_LOCKED_FILE = "manifest.json"  # its lock stands for the generation


class Lease:
    """
    A shared lock on a generation, until the last that refers to this object is gone, or the process.

    Raises:
        DamagedIndex: the generation is not there any more, or just being removed.
    """

    def __init__(self, generation: Path) -> None:
        try:
            descriptor = os.open(generation / _LOCKED_FILE, os.O_RDONLY)
        except OSError as error:
            raise DamagedIndex(
                f"{generation / _LOCKED_FILE} cannot be read ({error.strerror}): run `trichdan index --rebuild`"
            ) from error
        self.generation = generation
        weakref.finalize(self, os.close, descriptor)
        if not _try_lock(descriptor, fcntl.LOCK_SH):
            raise DamagedIndex(f"a generation is there to be read, {generation} is being removed: ask again")


def retire(generation: Path) -> bool:
    """
    Takes a generation's name away, so that nobody opens it and the next build removes what is left of it; whether
    nobody held it. The folder then ends in `.partial`.
    """
    try:
        descriptor = os.open(generation / _LOCKED_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return _rename_partial(generation)  # nobody can open what has no manifest
    try:
        return _try_lock(descriptor, fcntl.LOCK_EX) and _rename_partial(generation)
    finally:
        os.close(descriptor)


def _rename_partial(generation: Path) -> bool:
    generation.rename(generation.with_name(f"{generation.name}.partial"))
    return True


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: readers have what they opened
    return True
