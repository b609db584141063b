"""
What a process weighs, from `/proc`.
"""

from __future__ import annotations

from pathlib import Path


def peak_mb(pid: int | str = "self") -> float:
    """The most that it ever held; a process inherits its parent's `ru_maxrss`, so that is of no use."""
    return _status_mb("VmHWM", pid)


def memory_mb() -> dict[str, float]:
    """What it holds itself, and what of its mapped files lies in memory (the system may drop that)."""
    return {"own": _status_mb("RssAnon"), "mapped": _status_mb("RssFile")}


def _status_mb(field: str, pid: int | str = "self") -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields[field].split()[0]) / 1024
