"""
Commands that run a module of this program, and nothing of the current directory.

`python -m` searches the current directory before the standard library. Somebody who indexes the folder they stand in
would run a `json.py` that came with the documents.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGES = Path(__file__).parents[1]


def module_command(module: str, *arguments: str) -> tuple[str, ...]:
    """`python -P -m module …`; needs the environment of `module_environment`."""
    return (sys.executable, "-P", "-m", module, *arguments)


def module_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """
    An environment in which the child finds the packages that this process runs.

    Relative and empty entries of PYTHONPATH go: they name the current directory.
    """
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    absolute = [entry for entry in given if Path(entry).is_absolute()]
    return {**environment, "PYTHONPATH": os.pathsep.join([str(_PACKAGES), *absolute])}
