"""
Which model an index is built with: the one asked for, else its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import DamagedIndex
from retrieval.index.manifest import BuildOrigin, Manifest
from retrieval.index.place import Place

BUNDLED = "bundled"  # how the bundled model is asked for over an index of another; `./bundled` is a folder


@dataclass(frozen=True, slots=True)
class IndexModel:
    """
    A model as a manifest names it, None for the bundled one.

    `dimensions` is the number that its vectors are cut to, None for its own.
    """

    name: str | None = None
    dimensions: int | None = None

    def __str__(self) -> str:
        cut = f", {self.dimensions} dimensions" if self.dimensions else ""
        return f"{self.name or 'the bundled model'}{cut}"


def model_of(origin: BuildOrigin | Manifest) -> IndexModel:
    """The model of a generation."""
    return IndexModel(origin.model, origin.dimensions)


def model_to_build_with(asked: str | None, dimensions: int | None, place: Place) -> IndexModel:
    """
    The model asked for, else the index's own.

    One that stays is cut as before, unless asked otherwise. A folder is named by its whole path, since the next build
    may start elsewhere.

    Raises:
        DamagedIndex: none is asked for, and no generation says which one it was built with.
    """
    own = _own_model(place, is_needed=asked is None)
    name = own.name if asked is None else named_model(asked)
    return IndexModel(name, dimensions or (own.dimensions if name == own.name else None))


def named_model(asked: str) -> str | None:
    """What a manifest calls the model of this name, None for the bundled one."""
    if asked == BUNDLED:
        return None
    folder = Path(asked).expanduser()
    return str(folder.resolve()) if folder.is_dir() else asked


def _own_model(place: Place, *, is_needed: bool) -> IndexModel:
    """
    The model of the live generation, or of the newest one that names it.

    The bundled one where there is no index.
    """
    try:
        origins = place.origins()
    except DamagedIndex as error:
        if not is_needed:
            return IndexModel()
        raise DamagedIndex(
            f"an index says which model it was built with, {place.address} does not: name it, `trichdan index --model "
            f"NAME` or `--model {BUNDLED}`"
        ) from error
    return model_of(origins[0]) if origins else IndexModel()
