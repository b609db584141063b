"""
Inspect an uploaded file in the sandbox: what it would be as a document.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.search.interruption import interrupt_until_done
from retrieval import DocumentError
from retrieval.reading import MAX_BYTES, DocumentSummary, Sandbox, read_regular_file, reader_for, source_of

SECONDS = 60.0
MEMORY = 1024**3  # bytes of address space


@dataclass(frozen=True, slots=True)
class Unreadable:
    """
    A refused file: the name of its error and the reason.

    The name is a class of `retrieval.errors`.
    """

    kind: str
    reason: str


async def inspect(file: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> DocumentSummary | Unreadable:
    """
    Read and analyze a file as a build would, keeping nothing of it.

    The event loop goes on; a timeout or a cancellation kills the process that reads.
    """
    sandbox = Sandbox(seconds=2 * seconds, memory=memory)  # the timeout below comes first
    reading = asyncio.ensure_future(asyncio.to_thread(_summary, file, sandbox))
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.shield(reading)
    except TimeoutError:
        return Unreadable("ExhaustedError", f"a file is read within {seconds:g} s, this one was not")
    finally:
        await interrupt_until_done(reading, sandbox)


def _summary(file: Path, sandbox: Sandbox) -> DocumentSummary | Unreadable:
    try:
        with sandbox:
            source = source_of(file, file.parent)
            reader_for(source)
            return sandbox.summarize(read_regular_file(file, source, MAX_BYTES), source)
    except DocumentError as error:
        return Unreadable(type(error).__name__, str(error))
