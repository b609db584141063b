"""
The bot with the tests' tiny encoder and a probe in its event loop, which writes what it sees to $PROBE once a second.

With $PROBE_PACE, that many messages a second are sent, overall and to each chat, instead of Telegram's limits.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import bot.administration.reindex
import bot.lifecycle
from bot.transport import rate_limiter
from tests.bot.conftest import BAG_INDEXER
from tests.support.bot.bag_retriever import bag_retriever

STALL = 0.25  # seconds
_TICK = 0.01
_serving = bot.lifecycle.serving


class Probe:
    """
    How long the event loop keeps a task waiting, and what it does meanwhile.

    Counted once as time passed, which other processes and threads lengthen, and once as the processor time that the
    loop's own thread took, which they do not.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ticked = time.monotonic()
        self._longest = {"all": 0.0, "own": 0.0}
        self._stalls = {"all": 0, "own": 0}
        self._places: Counter[str] = Counter()  # where the loop was during a stall, by function
        self._loop = threading.get_ident()
        threading.Thread(target=self._watch, daemon=True).start()

    async def run(self) -> None:
        """Look for ever."""
        written = 0.0
        while True:
            at, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(_TICK)
            self._ticked = time.monotonic()
            for kind, took in (("all", self._ticked - at - _TICK), ("own", time.thread_time() - cpu)):
                self._longest[kind] = max(self._longest[kind], took)
                self._stalls[kind] += took > STALL
            if self._ticked - written > 1.0:
                written = self._ticked
                self._write()

    def _write(self) -> None:
        seen = {
            "tasks": len(asyncio.all_tasks()),
            "longest": {kind: round(took, 3) for kind, took in self._longest.items()},
            "stalls": self._stalls,
            "places": self._places.most_common(12),
        }
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(seen), encoding="utf-8")
        partial.replace(self._file)

    def _watch(self) -> None:
        while True:
            time.sleep(STALL / 5)
            if time.monotonic() - self._ticked > STALL / 2:
                frames = traceback.extract_stack(sys._current_frames()[self._loop])
                ours = [f"{Path(each.filename).name}:{each.name}" for each in frames if "/bot/" in each.filename]
                self._places[" > ".join([*ours[-2:], f"{Path(frames[-1].filename).name}:{frames[-1].name}"])] += 1


@asynccontextmanager
async def probed(*given: Any, **more: Any) -> AsyncIterator[Any]:
    """What `serving` gives, with the probe beside it."""
    more["indexer"] = BAG_INDEXER
    async with _serving(*given, **more) as services:
        task = asyncio.create_task(Probe(Path(os.environ["PROBE"])).run())
        yield services
        task.cancel()


if __name__ == "__main__":
    bot.lifecycle.Retriever = bag_retriever  # also that of the search processes, which are started with it
    bot.lifecycle.serving = probed
    if pace := int(os.environ.get("PROBE_PACE", "0")):
        rate_limiter._OVERALL = rate_limiter._CHAT = rate_limiter._GROUP = (pace, 1.0)
    runpy.run_module("bot", run_name="__main__")
