"""
The calibration that an index folder keeps, for one model.

It lies beside the generations, so that builds and rollbacks keep it; with another model it is left unused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.durable_file import fsync
from retrieval.errors import DamagedIndex
from retrieval.ranking.learned.calibration import Calibration

_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A calibration, the token fingerprint of its model, and what was measured."""

    calibration: Calibration
    token_fingerprint: str
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The contents of the file."""
        return {"model": self.token_fingerprint, **self.calibration.to_json(), "report": self.report}


def read_calibration(index: Path) -> StoredCalibration | None:
    """The calibration of an index folder, None without one; DamagedIndex when it is unusable."""
    path = index / _FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return StoredCalibration(Calibration.from_json(stored), str(stored["model"]), dict(stored["report"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(
            f"{path} holds what `trichdan calibrate` learned, it cannot be used ({error}): calibrate again, or remove "
            f"it with `trichdan calibrate --undo --index {index}`"
        ) from error


def write_calibration(index: Path, stored: StoredCalibration) -> None:
    """Store a calibration, atomically."""
    new = index / f"{_FILE}.new"
    new.write_text(json.dumps(stored.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fsync(new)
    new.replace(index / _FILE)
    fsync(index)


def remove_calibration(index: Path) -> bool:
    """Remove the stored calibration; whether there was one."""
    try:
        (index / _FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def calibration_version(index: Path) -> tuple[int, ...] | None:
    """Changes whenever the file does; None without one."""
    try:
        found = (index / _FILE).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
