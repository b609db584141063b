"""
The rights to the state file and to what lies beside it.
"""

from __future__ import annotations

import stat
from pathlib import Path

_OTHERS = 0o077


def open_to_others(state: Path) -> list[Path]:
    """What of the state file and of what lies beside it is open to others."""
    beside = state.parent.glob(f"{state.name}*") if state.parent.is_dir() else ()
    return sorted(path for path in beside if stat.S_IMODE(path.lstat().st_mode) & _OTHERS and not path.is_symlink())
