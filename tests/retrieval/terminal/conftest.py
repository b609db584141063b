"""The real console command, in a process of its own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from typer.testing import CliRunner

from embeddings.bundled import weights
from embeddings.openvino_engine.compiled_model import ensure_compiled
from retrieval.terminal import cli
from tests.support.waiting import PATIENCE

TRICHDAN = Path(sys.executable).with_name("trichdan")
Started = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for these tests, with the user's model in it, unpacked and compiled."""
    folder = tmp_path_factory.mktemp("cache")
    unpacked = weights.ensure_unpacked(weights.default_cache_dir())
    for made in (unpacked, ensure_compiled(unpacked, weights.default_cache_dir())):
        (folder / made.name).symlink_to(made)
    return folder


@pytest.fixture(scope="session")
def environment(cache: Path) -> dict[str, str]:
    """The environment of a narrow terminal that is not there; no setting of the user's gets in."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TRICHDAN_")}
    return {**ours, "TRICHDAN_CACHE": str(cache), "COLUMNS": "40", "TERM": "xterm"}


@pytest.fixture(scope="session")
def start(environment: dict[str, str]) -> Callable[..., Started]:
    """Runs `trichdan` with arguments and bytes on standard input."""

    def start(*arguments: object, stdin: bytes = b"", **more: str) -> Started:
        command = [str(TRICHDAN), *map(str, arguments)]
        return subprocess.run(
            command, input=stdin, capture_output=True, timeout=PATIENCE, check=False, env={**environment, **more}
        )

    return start


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, cache: Path) -> Callable[..., click.testing.Result]:
    """Runs a command in this process, without the start-up; an unexpected exception is raised."""
    monkeypatch.setenv("TRICHDAN_CACHE", str(cache))
    for name in ("TRICHDAN_INDEX", "TRICHDAN_QUESTIONS"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: object, stdin: str | bytes = "") -> click.testing.Result:
        return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin, catch_exceptions=False)

    return invoke


def sentences(stderr: str | bytes) -> list[str]:
    """The lines of an error output that say something."""
    text = stderr.decode() if isinstance(stderr, bytes) else stderr
    assert "Traceback" not in text
    return [line for line in text.splitlines() if line.strip()]
