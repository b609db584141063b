"""
Which model an index is built with: the one asked for, else its own.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from retrieval.errors import DamagedIndex, IndexFault
from retrieval.index.generations.generation import build_origin, live_folder

BUNDLED = "bundled"  # how the bundled model is asked for over an index of another; `./bundled` is a folder


def model_to_build_with(asked: str | None, index: Path) -> str | None:
    """
    The model as a manifest names it: the one asked for, else the index's own.

    A folder is named by its whole path, since the next build may start elsewhere.

    Raises:
        DamagedIndex: none is asked for, and no generation says which one it was built with.
    """
    return _own_model(index) if asked is None else named_model(asked)


def named_model(asked: str) -> str | None:
    """What a manifest calls the model of this name, None for the bundled one."""
    if asked == BUNDLED:
        return None
    folder = Path(asked).expanduser()
    return str(folder.resolve()) if folder.is_dir() else asked


def model_name(model: str | None) -> str:
    """A manifest's model in words."""
    return model or "the bundled model"


def _own_model(index: Path) -> str | None:
    """
    The model of the live generation, or of the newest one that names it.

    The bundled one where there is no index.
    """
    with suppress(IndexFault):
        return build_origin(live_folder(index)).model
    manifests = sorted((index / "generations").glob("*/manifest.json"), reverse=True)
    for manifest in manifests:
        with suppress(DamagedIndex):
            return build_origin(manifest.parent).model
    if not manifests:
        return None
    raise DamagedIndex(
        f"an index says which model it was built with, {index} does not: name it, `trichdan index --model NAME`, or "
        f"`--model {BUNDLED}`"
    )
