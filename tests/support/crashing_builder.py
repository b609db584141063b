"""
A builder that dies at a given step, for `test_crashes`.

A program of its own, since a build starts threads.

    python -m tests.support.crashing_builder CORPUS INDEX FOLDER steps
    python -m tests.support.crashing_builder CORPUS INDEX FOLDER moments

Both fork children that build in copies of INDEX, FOLDER/1, FOLDER/2 and so on. With `steps` each kills itself with
SIGKILL at a step of its own, the first, the sixth and so on until one gets through, or with `TRICHDAN_CRASHES=1` at
every one. A step is every call that touches the disk, as Python sees it: before and after each open for writing,
write, sync, rename, removal and folder, each statement of SQLite, and before and after what FAISS, Tantivy and NumPy
write. With `moments` each is killed from outside, at a random moment, which may be in the middle of what those write.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import faiss
import numpy as np

import retrieval.retriever  # noqa: F401 - imported before forking, so that each child begins at once
from retrieval.index.local.lexical import channel as lexical_channel
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

MOMENTS = 25
EACH = int(os.environ.get("TRICHDAN_CRASHES", "5"))  # of so many steps one is died at; all of them take four minutes


class Steps:
    """Counts calls that touch the disk, and dies at the fatal one."""

    def __init__(self, fatal: int) -> None:
        self._fatal = fatal
        self._count = 0

    def step(self, *_: object) -> None:
        """Count one step."""
        self._count += 1
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a step before and one after."""

        def stepped(*arguments: Any, **options: Any) -> Any:
            self.step()
            result = function(*arguments, **options)
            self.step()
            return result

        return stepped

    def listen(self) -> None:
        """Count a step at each call that touches the disk."""
        for owner, names in (
            (os, ("rename", "replace", "unlink", "rmdir", "mkdir", "fsync", "link")),
            (faiss, ("write_index",)),
            (np, ("save",)),
            (lexical_channel, ("_write",)),
        ):
            for name in names:
                setattr(owner, name, self.around(getattr(owner, name)))
        connect, open_ = sqlite3.connect, io.open

        def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **options)
            connection.set_trace_callback(self.step)
            return connection

        def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if set(mode) <= set("rbt"):
                return open_(file, mode, *arguments, **options)
            self.step()
            stream = open_(file, mode, *arguments, **options)
            stream.write = self.around(stream.write)
            stream.close = self.around(stream.close)
            return stream

        sqlite3.connect, io.open = traced, opened


def die_at_every_step(corpus: Path, index: Path, folder: Path) -> int:
    """How many steps there were."""
    for fatal in count(1, EACH):
        child = started(corpus, copied(index, folder / str(fatal)), Steps(fatal).listen)
        if ended(child) != -signal.SIGKILL:
            return fatal - 1
    raise AssertionError


def die_at_any_moment(corpus: Path, index: Path, folder: Path) -> int:
    """How many were killed before they were done."""
    begun = time.monotonic()
    ended(started(corpus, copied(index, folder / "0"), lambda: None))
    lasting, dice = time.monotonic() - begun, random.Random(8)  # noqa: S311 - a seed, no secret
    killed = 0
    for number in range(1, MOMENTS + 1):
        child = started(corpus, copied(index, folder / str(number)), lambda: None)
        time.sleep(dice.uniform(0.05, 1) * lasting)
        os.kill(child, signal.SIGKILL)
        if ended(child) == -signal.SIGKILL:
            killed += 1
        else:  # the machine has become faster since the first was timed
            lasting *= 0.7
    return killed


def copied(index: Path, trial: Path) -> Path:
    """A copy of the index folder."""
    shutil.copytree(index, trial)
    return trial


def started(corpus: Path, index: Path, prepare: Callable[[], None]) -> int:
    """The process id of a child that builds."""
    child = os.fork()
    if not child:
        prepare()
        build_index(corpus, index, BagEncoder())
        os._exit(0)
    return child


def ended(child: int) -> int:
    """The exit code of a child, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    *paths, how = sys.argv[1:]
    die = {"steps": die_at_every_step, "moments": die_at_any_moment}[how]
    sys.stdout.write(f"{die(*map(Path, paths))}\n")
