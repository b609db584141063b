"""
The rights to the state file and to what lies beside it.
"""

from __future__ import annotations

from pathlib import Path

from retrieval import is_open_to_others


def open_to_others(state: Path) -> list[Path]:
    """What of the state file and of what lies beside it is open to others."""
    beside = state.parent.glob(f"{state.name}*") if state.parent.is_dir() else ()
    return sorted(filter(is_open_to_others, beside))
