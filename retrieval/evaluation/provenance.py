"""
What a report was measured with, so that it can be reproduced.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from embeddings.precision import cpu_flags

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("trichdan", "torch", "sentence-transformers", "faiss-cpu", "tantivy", "numpy", "ir-measures", "matplotlib")


@dataclass(frozen=True, slots=True)
class Provenance:
    """
    Command, commit, machine and versions of a run.

    `commit` is None outside a repository, and ends in "-dirty" with uncommitted changes.
    """

    measured: str  # ISO 8601, UTC
    seconds: int  # that the run took
    command: str
    commit: str | None
    machine: dict[str, object]
    python: str
    versions: dict[str, str]

    def to_json(self) -> dict[str, object]:
        """Return the value of "about" in `report.json`."""
        return asdict(self)


def provenance(command: str, *, started: datetime, ended: datetime) -> Provenance:
    """Describe this process; the times are in UTC."""
    return Provenance(
        measured=ended.isoformat(timespec="seconds"),
        seconds=round((ended - started).total_seconds()),
        command=command,
        commit=commit(_ROOT),
        machine={
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "bfloat16": sorted(flag for flag in cpu_flags() if "bf16" in flag),
        },
        python=platform.python_version(),
        versions=dict(_versions()),
    )


def commit(root: Path) -> str | None:
    """The commit checked out at `root`; None without git or a repository."""
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(
            # Without locks: git would otherwise refresh its index, which somebody else may be writing.
            ["git", "--no-optional-locks", "describe", "--always", "--dirty", "--exclude=*"],  # noqa: S607 - the user's git
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip() or None


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        # A missing package must not lose the report: trichdan runs without being installed.
        with suppress(PackageNotFoundError):
            yield package, version(package)
