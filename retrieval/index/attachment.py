"""
The names of the texts that are kept beside the generations of an index.
"""

from __future__ import annotations

import re
from typing import Final

SETTINGS: Final = "settings.json"  # of a folder, which no attachment may overwrite
_NAME: Final = re.compile(r"[a-z-]+\.json")


def check_attachment(name: str) -> str:
    """The name of an attachment; ValueError for the name of anything else."""
    if not _NAME.fullmatch(name) or name == SETTINGS:
        raise ValueError(f"an attachment is named like calibration.json, found {name!r}")
    return name
