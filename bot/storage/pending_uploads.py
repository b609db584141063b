"""
Pending files: what an administrator sent and has not yet decided about, in a folder beside the state file.

Each lies in a folder of its own, named by the short id that its buttons carry; so it is found again after a restart.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path

_KEPT = 24 * 3600.0


class PendingUploads:
    """
    The files that wait.

    Args:
        now: the clock of the file system.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def new(self, name: str) -> tuple[str, Path]:
        """An id, and where its file is to be written; `name` is safe."""
        self.sweep()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = secrets.token_urlsafe(6)
        (self._folder / number).mkdir(mode=0o700)
        return number, self._folder / number / name

    def find(self, number: str) -> Path | None:
        """The file of an id, None when it was decided about or is too old."""
        self.sweep()
        return next(iter((self._folder / number).glob("*")), None)

    def drop(self, number: str) -> None:
        """Removes the file of an id."""
        shutil.rmtree(self._folder / number, ignore_errors=True)

    def sweep(self) -> None:
        """Removes what is a day old."""
        for folder in self._folder.glob("*"):
            if folder.stat().st_mtime < self._now() - _KEPT:
                shutil.rmtree(folder, ignore_errors=True)
