"""Wait for a condition, never for a fixed time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 300.0  # seconds until a test gives up: only one that fails waits that long, however slow the machine
_PAUSE = 0.01
_T = TypeVar("_T")


def until(happened: Callable[[], _T], seconds: float = PATIENCE) -> _T:
    """The first true value of a condition; fails when there is none in time."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(_PAUSE)
    return value


async def soon(happened: Callable[[], _T], seconds: float = PATIENCE) -> _T:
    """The same while the event loop runs on."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        assert time.monotonic() < end, f"not within {seconds:g} s"
        await asyncio.sleep(_PAUSE)
    return value
