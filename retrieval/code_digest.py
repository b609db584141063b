"""
The program that computed something, as a digest of its code: what was kept from one is not taken for another's.

Nobody has to remember to raise a number when a reader, the analyzer or a list of words has changed.
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
    Of the files and folders of this package, of the versions of the libraries, and of Python, which knows the letters.
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
