"""
End a thread that reads in a sandbox by killing the sandbox's process.
"""

from __future__ import annotations

import asyncio
from typing import Any

from retrieval.reading import Sandbox

_KILL_AGAIN = 0.1  # seconds: the thread may not have started its process, or its next request, yet


async def interrupt_until_done(reading: asyncio.Future[Any], sandbox: Sandbox) -> None:
    """Wait for the thread behind `reading`, killing its process until it ends."""
    while not reading.done():
        sandbox.interrupt()
        await asyncio.wait([reading], timeout=_KILL_AGAIN)
