"""
The history of generations: listing, rolling back and pruning.

Each manifest names the generation that was live when its own was built.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from retrieval.errors import IndexFault, NoEarlierGeneration
from retrieval.index.local.generations import generation, lease
from retrieval.index.local.generations.generation import PARTIAL


def generations(index: Path) -> list[Path]:
    """The existing generations, from the live one back; MissingIndex when nothing was built here."""
    found = [generation.live_folder(index)]
    while (previous := _previous_of(found[-1])) is not None and previous not in found:
        found.append(previous)
    return found


def begun(generation: Path) -> str:
    """When a generation was begun, to the second, as its name says: "20261122T140500"."""
    return generation.name[: len("20261122T140500")]


def roll_back(index: Path) -> Path:
    """
    Make the previous generation live again; the next build continues from it.

    Raises:
        NoEarlierGeneration: none is kept.
        IndexFault: there is no index, or the previous generation is damaged; the live one stays.
        BuildInProgress: another process is building here.
    """
    generation.live_folder(index)  # raises before `build_lock` would create the folder
    with generation.build_lock(index):
        live, *earlier = generations(index)
        if not earlier:
            raise NoEarlierGeneration(
                f"going back takes an earlier generation, {index} keeps none before {live.name}: "
                "index the documents of before again, and keep more with --keep"
            )
        generation.verify(earlier[0], generation.read_manifest(earlier[0]))
        generation.return_to(index, earlier[0])
        return earlier[0]


def prune(index: Path, keep: int) -> None:
    """
    Remove all generations but the newest `keep` of the history.

    What a reader holds, or what cannot be read or removed, stays until a later build: a failure here must not undo
    the new generation.
    """
    with suppress(OSError, IndexFault):
        for folder in superseded(index, keep):
            _remove(folder)


def superseded(index: Path, keep: int) -> list[Path]:
    """The generations beyond the newest `keep` of the history; IndexFault when there is none."""
    kept = generations(index)[:keep]
    folders = (index / "generations").iterdir()
    return [folder for folder in folders if folder not in kept and not folder.name.endswith(PARTIAL)]


def _remove(folder: Path) -> None:
    with suppress(OSError):
        if lease.retire(folder):
            shutil.rmtree(folder.with_name(f"{folder.name}{PARTIAL}"))


def _previous_of(folder: Path) -> Path | None:
    """The generation that was live when this one was built, None when it is gone."""
    try:
        name = generation.read_manifest(folder).previous
    except IndexFault:
        name = _name_begun_before(folder)  # a damaged manifest must not end the history
    previous = folder.parent / name if name and "/" not in name else None
    return previous if previous and previous.is_dir() else None


def _name_begun_before(folder: Path) -> str | None:
    """
    The newest generation begun no later than this one.

    Names start with the time, to the second.
    """
    others = [other for other in folder.parent.iterdir() if other != folder and not other.name.endswith(PARTIAL)]
    return max((other.name for other in others if begun(other) <= begun(folder)), default=None)
