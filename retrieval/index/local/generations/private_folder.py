"""
The rights of an index: its owner's alone.

An index holds the text of every document, whatever the rights of their files.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from retrieval.errors import IndexFault
from retrieval.private_file import is_open_to_others, take_rights_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What the names of an index's entries begin with.
_OURS: Final = (
    *("CURRENT", "generations", "lock", "settings.json", "calibration.json"),
    *("embeddings.sqlite", "contents.sqlite", "recognised"),
)


def make_private(index: Path) -> None:
    """
    Make an index folder, or take other users' rights to it away.

    In a folder that holds other things too, only those to the index's own entries.
    """
    index.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    for path in _open_to_others(index):
        take_rights_away(path)


def check_private(index: Path) -> str:
    """Say that nobody else can read the index; IndexFault names what they can."""
    for path in _open_to_others(index):
        raise IndexFault(
            f"an index is its owner's alone, since it holds the text of every document, other users have rights to "
            f"{path}: run `chmod -R go= {path}`, or index again"
        )
    return "the index is its owner's alone"


def _open_to_others(index: Path) -> Iterator[Path]:
    """The folder, or its own entries if it holds other things, where others have rights."""
    folder = index.resolve()  # a link to it closes nothing
    entries = sorted(folder.iterdir())
    ours = [entry for entry in entries if entry.name.startswith(_OURS)]
    yield from filter(is_open_to_others, [folder] if len(ours) == len(entries) else ours)
