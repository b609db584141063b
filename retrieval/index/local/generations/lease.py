"""
Leases: shared locks by which readers keep a generation from being removed.

On Linux open files survive their removal, but a reader opens some files only when it needs them.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from retrieval.errors import DamagedIndex

_LOCKED_FILE = "manifest.json"  # locking it locks the generation


class Lease:
    """
    A shared lock that keeps a generation from being removed.

    It is held until this object is garbage collected or the process ends.

    Raises:
        DamagedIndex: the generation is gone or being removed.
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
    Rename a generation to end in `.partial`, unless a reader holds it.

    Returns whether it was renamed.

    Nobody can open it then, and the next build removes whatever is left.
    """
    try:
        descriptor = os.open(generation / _LOCKED_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return _rename_partial(generation)  # without a manifest nobody can open it
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
        return True  # no locks on this file system: readers have only what they opened
    return True
