"""
The OCR cache: recognised pages by file hash, since a scanned page costs seconds.

What tesseract said is stored, not the text made of it: the words are put together anew by each version of the reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from retrieval.private_file import take_rights_away

if TYPE_CHECKING:
    from pathlib import Path

_MAX_AGE: Final = 30 * 24 * 3600  # seconds since last use: a folder may be away for a while


class OcrCache:
    """
    A folder of recognised pages.

    Args:
        runs_ocr: whether missing texts may be recognised; if not, only stored ones are used.
    """

    def __init__(self, folder: Path, *, runs_ocr: bool) -> None:
        self._folder = folder
        self.runs_ocr = runs_ocr

    def entry(self, data: bytes) -> dict[str, Any]:
        """The stored entry for these bytes; {} if there is none."""
        place = self._place(data)
        try:
            entry = dict(json.loads(place.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}
        with suppress(OSError):  # another owner's file: still usable
            os.utime(place)
        return entry

    def keep(self, data: bytes, recognised: dict[str, Any]) -> None:
        """Store recognised pages atomically."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        take_rights_away(self._folder)
        place = self._place(data)
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(recognised), encoding="utf-8")
        beside.replace(place)

    def prune(self) -> None:
        """Delete entries that no reading has used for a month."""
        with suppress(OSError):  # another build is pruning too, or another owner's file
            for place in list(self._folder.iterdir()):
                if time.time() - place.stat().st_mtime > _MAX_AGE:
                    place.unlink()

    def _place(self, data: bytes) -> Path:
        return self._folder / f"{hashlib.sha256(data).hexdigest()}.json"


def ocr_cache_in(index: Path, *, runs_ocr: bool) -> OcrCache:
    """The OCR cache of an index folder."""
    return OcrCache(index / "recognised", runs_ocr=runs_ocr)
