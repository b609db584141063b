"""
The Inspection: what a file that was sent would be as a document, found out in a child process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.administration import inspection_worker
from bot.operations.child_process import run_child

DRY_RUN = (sys.executable, "-m", "bot.administration.inspection_worker")


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file that can be read."""

    title: str
    untitled: bool  # its title is only its first words
    publisher: str
    published: date | None
    paragraphs: int
    first: str  # the first words of its first paragraph
    sha256: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that cannot, and the name of the error in `retrieval.errors`; "" when the reading was ended."""

    kind: str
    reason: str


async def inspect(
    file: Path, *, command: Sequence[str] = DRY_RUN, seconds: float = inspection_worker.SECONDS
) -> Inspection | Unreadable:
    """Reads a file without keeping anything of it."""
    try:
        ended = await run_child([*command, str(file)], seconds=seconds)
    except TimeoutError:
        return Unreadable("", f"a file is read within {seconds:g} s, this one was not")
    if ended.code:  # out of memory, or killed
        return Unreadable("", ended.complaint or f"exit code {ended.code}")
    told = json.loads(ended.out)
    if "kind" in told:
        return Unreadable(told["kind"], told["reason"])
    published = date.fromisoformat(told["published"]) if told["published"] else None
    return Inspection(**{**told, "published": published})
