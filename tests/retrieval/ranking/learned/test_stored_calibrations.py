"""The calibrations that an index keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.ranking.learned.calibration import Calibration, LogisticModel, shipped_calibration
from retrieval.ranking.learned.stored_calibrations import (
    StoredCalibration,
    calibration_version,
    read_calibrations,
    remove_calibration,
    write_calibration,
)


def stored(intercept: float = 1.5, model: str = "bag/1") -> StoredCalibration:
    shipped = shipped_calibration()
    learned = LogisticModel(intercept, shipped.same_language.weights)
    return StoredCalibration(replace(shipped, same_language=learned), model, {"questions": 60})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An index of which only the calibrations matter."""
    return open_place(tmp_path)


def write(place: Place, calibration: StoredCalibration) -> None:
    write_calibration(place, calibration, calibration.fingerprint.__eq__)


def test_what_is_written_is_read(place: Place) -> None:
    """Weights, models, fingerprint and report."""
    write(place, stored())

    assert read_calibrations(place) == (stored(),)


def test_an_index_without_one_has_none(place: Place) -> None:
    """Nothing was learned here, or it was undone."""
    write(place, stored())

    removed = remove_calibration(place, "bag/1"), remove_calibration(place, "bag/1")

    assert removed == (True, False)
    assert read_calibrations(place) == ()


def test_each_model_has_its_own(place: Place) -> None:
    """What another model learned stays, also when one of them is learned anew or undone."""
    for calibration in (stored(1.5), stored(2.0, "other/1"), stored(1.25)):
        write(place, calibration)
    both = read_calibrations(place)

    remove_calibration(place, "bag/1")

    assert both == (stored(2.0, "other/1"), stored(1.25))
    assert read_calibrations(place) == (stored(2.0, "other/1"),)


def test_a_damaged_file_is_undone_whole(tmp_path: Path, place: Place) -> None:
    """That is what its sentence says to do."""
    (tmp_path / "calibration.json").write_text("{")

    assert remove_calibration(place, "bag/1")
    assert read_calibrations(place) == ()


def test_a_new_calibration_is_noticed(place: Place) -> None:
    """Its version is another one, and so is that of none."""
    versions = [calibration_version(place)]
    for intercept in (1.5, 1.25):
        write(place, stored(intercept))
        versions.append(calibration_version(place))

    assert len(set(versions)) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found | {"weights": {"cosine": 1.0}},
        lambda found: found | {"weights": dict.fromkeys(found["weights"], "viel")},
        lambda found: found | {"foreign": None},
        lambda found: {name: value for name, value in found.items() if name != "model"},
        lambda found: found | {"weights": dict.fromkeys(found["weights"], float("nan"))},
        lambda _: [],
    ],
)
def test_a_file_that_cannot_be_used_says_how_to_go_on(tmp_path: Path, place: Place, spoil: object) -> None:
    """One sentence with the command that removes it."""
    found = json.loads(json.dumps(stored().to_json()))
    (tmp_path / "calibration.json").write_text(json.dumps({"models": [spoil(found)]}))  # type: ignore[operator]

    with pytest.raises(DamagedIndex, match="trichdan calibrate --undo"):
        read_calibrations(place)


def test_weights_are_numbers() -> None:
    """Infinity would rank everything alike."""
    shipped = shipped_calibration()

    with pytest.raises(ValueError, match="infinity"):
        Calibration(dict.fromkeys(shipped.weights, float("inf")), shipped.same_language, shipped.foreign)
