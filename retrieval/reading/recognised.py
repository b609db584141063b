"""
Recognised texts, kept by the bytes they were recognised from: a scanned page costs seconds, and twice the same text.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class Recognised:
    """A folder of replies of the process that reads; see `workshop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reply(self, data: bytes) -> dict[str, Any]:
        """What was recognised in a file with these bytes; nothing when nothing was yet."""
        try:
            return dict(json.loads(self._place(data).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}

    def keep(self, data: bytes, reply: dict[str, Any]) -> None:
        """Keeps what was recognised, in one step: a process that is killed leaves no half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(data)
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(reply), encoding="utf-8")
        beside.replace(place)

    def _place(self, data: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(data).hexdigest()}.json"
