"""
A digest of this package's code, which identifies the program that computed a stored result.

Stored results expire by themselves when a reader, the analyzer or a word list changes; there is no version to bump.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGE = Path(__file__).parent


@cache
def program_digest(parts: tuple[str, ...], libraries: tuple[str, ...]) -> str:
    """
    The sha256 of these files and folders of the package, the libraries' versions, and Python's.

    Python's version counts because it brings the Unicode tables.
    """
    found = hashlib.sha256(" ".join([sys.version, *map(version, libraries)]).encode())
    for part in parts:
        for path in _files(_PACKAGE / part):
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _files(part: Path) -> Iterable[Path]:
    if part.is_file():
        return [part]
    return sorted(path for path in part.rglob("*") if path.is_file() and path.suffix != ".pyc")
