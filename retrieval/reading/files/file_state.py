"""
The state of a refused file: its checksum, or that it yields no bytes.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from embeddings.durable_file import file_sha256

if TYPE_CHECKING:
    from pathlib import Path

UNREADABLE: Final = "unreadable"  # the state of what yields no bytes; otherwise the state is the sha256


def state_of(path: Path) -> str:
    """The state of what is there, "" where nothing is."""
    try:
        return file_sha256(path) if stat.S_ISREG(path.stat().st_mode) else UNREADABLE
    except FileNotFoundError:
        return ""
    except OSError:
        return UNREADABLE


def is_unreadable(path: Path) -> bool:
    """Whether something exists there that cannot be opened, or is not a regular file."""
    return state_of(path) == UNREADABLE
