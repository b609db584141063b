"""
Recognised texts, kept by the bytes they were recognised from: a scanned page costs seconds, and twice the same text.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_MAX_AGE: Final = 30 * 24 * 3600  # seconds after its last use: a folder that is away for a while is not recognised anew


class OcrCache:
    """
    A folder of replies of the process that reads; see `workshop`.

    Args:
        adds: whether more may be recognised, or only what is here is used.
    """

    def __init__(self, folder: Path, *, runs_ocr: bool) -> None:
        self._folder = folder
        self.runs_ocr = runs_ocr

    def reply(self, data: bytes) -> dict[str, Any]:
        """What was recognised in a file with these bytes; nothing when nothing was yet."""
        place = self._place(data)
        try:
            reply = dict(json.loads(place.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}
        with suppress(OSError):  # of another owner: it is good all the same
            os.utime(place)
        return reply

    def keep(self, data: bytes, reply: dict[str, Any]) -> None:
        """Keeps what was recognised, in one step: a process that is killed leaves no half of it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._place(data)
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(reply), encoding="utf-8")
        beside.replace(place)

    def prune(self) -> None:
        """After a complete reading: forgets what no reading has asked for in a month."""
        with suppress(OSError):  # another build forgets too, or it is another owner's
            for place in list(self._folder.iterdir()):
                if time.time() - place.stat().st_mtime > _MAX_AGE:
                    place.unlink()

    def _place(self, data: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(data).hexdigest()}.json"
