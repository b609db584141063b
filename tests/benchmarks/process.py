"""
Memory use of a process, from `/proc`.
"""

from __future__ import annotations

from contextlib import suppress
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


def bot_mb(pid: int) -> float:
    """The resident memory of a bot and of the processes that search for it; pages that they share count for each."""
    return sum(sum(memory_mb(each).values()) for each in (pid, *_search_processes(pid)))


def _search_processes(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, KeyError):  # it has ended meanwhile
            if b"search_worker" in (folder / "cmdline").read_bytes() and _field("PPid", folder.name) == str(parent):
                found.append(int(folder.name))
    return found


def _field(field: str, pid: int | str) -> str:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return dict(line.split(":", 1) for line in status.splitlines())[field].strip()


def _status_mb(field: str, pid: int | str = "self") -> float:
    return int(_field(field, pid).split()[0]) / 1024
