"""
The calibrations that an index folder keeps, one for each model.

They lie beside the generations, so that builds and rollbacks keep them. That of a model that is not live waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.durable_file import fsync
from retrieval.errors import DamagedIndex
from retrieval.ranking.learned.calibration import Calibration

_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A calibration, the passage fingerprint of its model, and what was measured."""

    calibration: Calibration
    fingerprint: str
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """An entry of the file."""
        return {"model": self.fingerprint, **self.calibration.to_json(), "report": self.report}


def read_calibrations(index: Path) -> tuple[StoredCalibration, ...]:
    """The calibrations of an index folder; DamagedIndex when they are unusable."""
    path = index / _FILE
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["models"]
        return tuple(
            StoredCalibration(Calibration.from_json(entry), str(entry["model"]), dict(entry["report"]))
            for entry in entries
        )
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(
            f"{path} holds what `trichdan calibrate` learned, it cannot be used ({error}): remove it with "
            f"`trichdan calibrate --undo --index {index}`"
        ) from error


def write_calibration(index: Path, stored: StoredCalibration, is_its_model: Callable[[str], bool]) -> None:
    """
    Store a calibration in place of that of the same model, atomically.

    `is_its_model`: whether a passage fingerprint is of its model.
    """
    others = (each for each in read_calibrations(index) if not is_its_model(each.fingerprint))
    _write(index, [*others, stored])


def remove_calibration(index: Path, fingerprint: str) -> bool:
    """
    Remove the calibration of the model with this fingerprint; whether there was one.

    A damaged file is removed whole.
    """
    try:
        stored = read_calibrations(index)
    except DamagedIndex:
        (index / _FILE).unlink()
        return True
    kept = [each for each in stored if each.fingerprint != fingerprint]
    if len(kept) == len(stored):
        return False
    if kept:
        _write(index, kept)
    else:
        (index / _FILE).unlink()
    return True


def _write(index: Path, stored: Sequence[StoredCalibration]) -> None:
    new = index / f"{_FILE}.new"
    entries = {"models": [each.to_json() for each in stored]}
    new.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fsync(new)
    new.replace(index / _FILE)
    fsync(index)


def calibration_version(index: Path) -> tuple[int, ...] | None:
    """Changes whenever the file does; None without one."""
    try:
        found = (index / _FILE).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
