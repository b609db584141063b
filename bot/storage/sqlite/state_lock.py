"""
One process at a time answers from a state file.

A second one would take up the updates that the first is answering, and send every answer twice.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StateError


@contextmanager
def state_lock(state: Path) -> Iterator[None]:
    """
    Hold the state file for this bot.

    The system lets go of it when the process ends, however it does. Reading it meanwhile, as backups and
    exports do, needs no lock.

    Raises:
        StateError: another bot holds it, or the folder cannot be written.
    """
    lock = state.with_name(f"{state.name}.lock")
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(
            f"beside the state file there is a lock, {lock} cannot be opened ({error.strerror}): correct "
            "TRICHDAN_STATE, or the rights of its folder"
        ) from error
    try:
        _lock(descriptor, state)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, state: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StateError(
            f"one bot at a time answers from a state file, another process holds {state}: leave that one running, or "
            "stop it first"
        ) from None
