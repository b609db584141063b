"""
The Child: a program that runs beside the bot, so that its memory, its faults and its hostile input are not the bot's.

It has no token and no terminal, a low priority where nobody waits for it, and it ends when it must.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

BACKGROUND = 10  # nicer than the bot: answers come first
_GRACE = 2.0  # seconds between asking a program to end and ending it
_OUT = 4 * 1024 * 1024  # bytes kept of what it prints
_COMPLAINT = 16 * 1024
_CHUNK = 65_536
_CACHE = "TRICHDAN_CACHE"


@dataclass(frozen=True, slots=True)
class ChildResult:
    """A program that ran to its end."""

    code: int
    out: bytes
    complaint: str  # the last line of its standard error


async def run_child(command: Sequence[str], *, seconds: float | None = None, nicer: int = 0) -> ChildResult:
    """
    Runs a program to its end, so much nicer than the bot; cancelled, it ends the program first.

    Raises:
        TimeoutError: it took longer than so many seconds, and was ended.
        OSError: it could not be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, env=_environment(), start_new_session=True
    )
    try:
        with suppress(ProcessLookupError):  # over already
            os.setpriority(os.PRIO_PROCESS, process.pid, min(os.nice(0) + nicer, 19))
        async with asyncio.timeout(seconds):
            out, complaint, code = await asyncio.gather(
                _first(process.stdout, _OUT), _last(process.stderr, _COMPLAINT), process.wait()
            )
    finally:
        await _end(process)
    lines = complaint.decode(errors="replace").strip().splitlines()
    return ChildResult(code, out, lines[-1] if lines else "")


def _environment() -> dict[str, str]:
    """Ours without our settings, the token among them; only where the model lies, lest it be unpacked once more."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRICHDAN_") or name == _CACHE}


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
    """Ends a program and whatever it started, and waits until it is over."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.wait()), _GRACE)
