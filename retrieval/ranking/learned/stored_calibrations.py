"""
The calibrations that an index keeps, one for each model.

They are kept beside the generations, so that builds and rollbacks keep them. That of a model that is not live waits for
it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.errors import DamagedIndex
from retrieval.index.place import Place
from retrieval.ranking.learned.calibration import Calibration

ATTACHMENT = "calibration.json"


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A calibration, the passage fingerprint of its model, and what was measured."""

    calibration: Calibration
    fingerprint: str
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """An entry of the file."""
        return {"model": self.fingerprint, **self.calibration.to_json(), "report": self.report}


def read_calibrations(place: Place) -> tuple[StoredCalibration, ...]:
    """The calibrations of an index; DamagedIndex when they are unusable."""
    try:
        text = place.attachment(ATTACHMENT)
        entries = json.loads(text)["models"] if text is not None else []
        return tuple(
            StoredCalibration(Calibration.from_json(entry), str(entry["model"]), dict(entry["report"]))
            for entry in entries
        )
    except (DamagedIndex, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedIndex(
            f"{ATTACHMENT} of {place.address} holds what `trichdan calibrate` learned, it cannot be used ({error}): "
            f"remove it with `trichdan calibrate --undo --index {place.address}`"
        ) from error


def write_calibration(place: Place, stored: StoredCalibration, is_its_model: Callable[[str], bool]) -> None:
    """
    Store a calibration in place of that of the same model, atomically.

    `is_its_model`: whether a passage fingerprint is of its model.
    """
    others = (each for each in read_calibrations(place) if not is_its_model(each.fingerprint))
    _write(place, [*others, stored])


def remove_calibration(place: Place, fingerprint: str) -> bool:
    """
    Remove the calibration of the model with this fingerprint; whether there was one.

    What is damaged is removed whole.
    """
    try:
        stored = read_calibrations(place)
    except DamagedIndex:
        place.attach(ATTACHMENT, None)
        return True
    kept = [each for each in stored if each.fingerprint != fingerprint]
    if len(kept) == len(stored):
        return False
    if kept:
        _write(place, kept)
    else:
        place.attach(ATTACHMENT, None)
    return True


def _write(place: Place, stored: Sequence[StoredCalibration]) -> None:
    entries = {"models": [each.to_json() for each in stored]}
    place.attach(ATTACHMENT, json.dumps(entries, ensure_ascii=False, indent=1) + "\n")


def calibration_version(place: Place) -> tuple[int, ...] | None:
    """Changes whenever the calibrations do; None without any."""
    return place.attachment_version(ATTACHMENT)
