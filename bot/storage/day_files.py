"""
Files kept for a day beside the state file: pending uploads, removed documents.

Each has its own folder, named by the short id on its buttons, so that it is found again after a restart.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path

_KEPT = 24 * 3600.0


class DayFiles:
    """
    Files, each of which is found by an id for a day.

    Args:
        now: the file system's clock.
    """

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def create(self, name: str) -> tuple[str, Path]:
        """Make room for a file; returns its id and where to write it."""
        self.sweep()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)  # it may have been made with more
        number = secrets.token_urlsafe(6)
        (self._folder / number).mkdir(mode=0o700)
        return number, self._folder / number / name

    def find(self, number: str) -> Path | None:
        """The file of an id, None if it was dropped or has expired."""
        self.sweep()
        return next(iter((self._folder / number).glob("*")), None)

    def drop(self, number: str) -> None:
        """Remove the file of an id."""
        shutil.rmtree(self._folder / number, ignore_errors=True)

    def sweep(self) -> None:
        """Remove files that are a day old."""
        for folder in self._folder.glob("*"):
            if folder.stat().st_mtime < self._now() - _KEPT:
                shutil.rmtree(folder, ignore_errors=True)
