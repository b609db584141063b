"""
Memory use of a process, from `/proc`.
"""

from __future__ import annotations

from pathlib import Path


def peak_mb(pid: int | str = "self") -> float:
    """
    The peak resident memory.

    Not `ru_maxrss`, which a process inherits from its parent.
    """
    return _status_mb("VmHWM", pid)


def memory_mb(pid: int | str = "self") -> dict[str, float]:
    """Anonymous memory, and resident memory of mapped files, which the system may drop."""
    return {"own": _status_mb("RssAnon", pid), "mapped": _status_mb("RssFile", pid)}


def _status_mb(field: str, pid: int | str = "self") -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields[field].split()[0]) / 1024
