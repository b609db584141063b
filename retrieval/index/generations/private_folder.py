"""
The rights of an index: its owner's alone.

An index holds the text of every document, whatever the rights of their files.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from retrieval.errors import IndexFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS: Final = 0o077
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
        with suppress(PermissionError):  # somebody else's: `trichdan doctor` names it
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)


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
    entries = sorted(index.iterdir())
    ours = [entry for entry in entries if entry.name.startswith(_OURS)]
    for path in [index] if len(ours) == len(entries) else ours:
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            yield path
