"""
The settings of an index, which every later build follows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices for an index."""

    keep: int = 3  # generations, the live one among them
    smoke: str | None = None  # the file of smoke questions, relative to `Place.caches`
    secret: tuple[str, ...] = ()  # collections opened for documents with a mark of secrecy, sorted

    def smoke_file(self, caches: Path) -> Path | None:
        """The path of the smoke questions, None when not set."""
        return None if self.smoke is None else Path(os.path.normpath(caches.resolve() / self.smoke))
