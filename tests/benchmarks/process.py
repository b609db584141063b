"""
What a process weighs, from `/proc`.
"""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> int:
    """The most that it ever held; a process inherits its parent's `ru_maxrss`, so that is of no use."""
    return round(_status_mb("VmHWM"))


def memory_mb() -> dict[str, float]:
    """What it holds itself, and what of its mapped files lies in memory (the system may drop that)."""
    return {"own": _status_mb("RssAnon"), "mapped": _status_mb("RssFile")}


def _status_mb(field: str) -> float:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(fields[field].split()[0]) / 1024
