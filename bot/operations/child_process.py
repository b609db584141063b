"""
Run a child process whose memory use and crashes cannot affect the bot.

A child gets neither the token nor a terminal, and a low priority if nobody waits for it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from bot.settings.child_environment import child_environment

BACKGROUND = 10  # added niceness: answers come first
_GRACE = 2.0  # seconds between SIGTERM and SIGKILL
_OUT = 4 * 1024 * 1024  # bytes of standard output that are kept
_COMPLAINT = 16 * 1024
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class ChildResult:
    """The result of a child process that ended by itself."""

    code: int
    out: bytes
    complaint: str  # the last line of its standard error


async def run_child(
    command: Sequence[str],
    *,
    seconds: float | None = None,
    nicer: int = 0,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> ChildResult:
    """
    Run a program to its end; on cancellation, end it first.

    Args:
        nicer: added to the bot's own niceness.
        environment: added to that of `child_environment`.

    Raises:
        TimeoutError: it ran longer than `seconds` and was ended.
        OSError: it could not be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={**child_environment(), **environment},
        start_new_session=True,
    )
    try:
        with suppress(ProcessLookupError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, min(os.nice(0) + nicer, 19))
        async with asyncio.timeout(seconds):
            out, complaint, code = await asyncio.gather(
                _first(process.stdout, _OUT), _last(process.stderr, _COMPLAINT), process.wait()
            )
    finally:
        await _end(process)
    lines = complaint.decode(errors="replace").strip().splitlines()
    return ChildResult(code, out, lines[-1] if lines else "")


async def _first(stream: asyncio.StreamReader | None, limit: int) -> bytes:
    kept = b""
    while stream and (chunk := await stream.read(_CHUNK)):
        kept += chunk[: limit - len(kept)]
    return kept


async def _last(stream: asyncio.StreamReader | None, limit: int) -> bytes:
    kept = b""
    while stream and (chunk := await stream.read(_CHUNK)):
        kept = (kept + chunk)[-limit:]
    return kept


async def _end(process: Process) -> None:
    """End a program with its whole process group, and wait for it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.wait()), _GRACE)
