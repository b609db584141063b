"""
The lineage: the live generation, the one it was built beside, and so on back.

Apart from `generation`, which writes one and makes it live: here is which of them are kept, and the way back.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from retrieval.errors import IndexFault, NoEarlierGeneration
from retrieval.index.generations import generation, lease
from retrieval.index.generations.generation import PARTIAL


def generations(index: Path) -> list[Path]:
    """The generations that are there, from the live one back; MissingIndex when nothing was built here."""
    found = [generation.live_folder(index)]
    while (previous := _previous_of(found[-1])) is not None and previous not in found:
        found.append(previous)
    return found


def roll_back(index: Path) -> Path:
    """
    Makes the generation before the live one the live one; the next build goes on from it.

    Raises:
        NoEarlierGeneration: none is kept.
        IndexFault: there is no index, or the one before is damaged; the live one stays.
        BuildInProgress: another process builds here.
    """
    generation.live_folder(index)  # an index folder is not made by looking for one
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
    Removes all generations but the newest `keep` of the lineage. What a reader holds, or what cannot be removed or even
    looked at, stays until a later build: the new generation is live whatever becomes of the old ones.
    """
    with suppress(OSError, IndexFault):
        kept = generations(index)[:keep]
        for folder in (index / "generations").iterdir():
            if folder not in kept and not folder.name.endswith(PARTIAL):
                _remove(folder)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        if lease.retire(folder):
            shutil.rmtree(folder.with_name(f"{folder.name}{PARTIAL}"))


def _previous_of(folder: Path) -> Path | None:
    """The generation that was live when this one was built, None when it is not kept."""
    try:
        name = generation.read_manifest(folder).previous
    except IndexFault:
        name = _name_begun_before(folder)  # a manifest that went bad does not take the way back along
    previous = folder.parent / name if name and "/" not in name else None
    return previous if previous and previous.is_dir() else None


def _name_begun_before(folder: Path) -> str | None:
    """The newest generation that was begun no later than this one: names begin with the time, to the second."""
    moment = len("20261122T140500")
    names = [other.name for other in folder.parent.iterdir() if other != folder and not other.name.endswith(PARTIAL)]
    return max((name for name in names if name[:moment] <= folder.name[:moment]), default=None)
