"""
The driver's end of a runner's standard input and output.

The other end is `runners/serve.py`.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.benchmarks.peers.environment import Environment


class RunnerFault(RuntimeError):
    """A runner ended instead of answering."""


class Conversation:
    """
    A running contestant, asked one thing at a time; the process ends with the block.

    Args:
        environment: whose Python runs it.
        arguments: the runner's script and what it is given.
        threads: of its arithmetic; None for what the contestant chooses itself.
    """

    def __init__(self, environment: Environment, arguments: list[str | Path], *, threads: int | None = None) -> None:
        limit = {} if threads is None else {"OMP_NUM_THREADS": str(threads)}
        self._name = Path(arguments[0]).name
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            [environment.python, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
            env={**environment.variables, **limit},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()
        self._complaints.close()

    def say(self, do: str, **details: object) -> dict[str, Any]:
        """
        One request and its reply.

        Raises:
            RunnerFault: the runner ended; with what it wrote last.
        """
        try:
            self._process.stdin.write(json.dumps({"do": do, **details}, ensure_ascii=False, default=str) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            line = ""
        else:
            line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._complaints.seek(0)
            raise RunnerFault(f"{self._name} must answer {do!r}, it ended instead:\n{self._complaints.read()[-3000:]}")
        reply: dict[str, Any] = json.loads(line)
        return reply
