"""`trichdan index` and Ctrl-C: one sentence, and the next build goes on where this one stopped."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import IO, cast

import pytest

from tests.support.command import start_process
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

TEXTS = 600  # more than two batches of the cache


def indexing(folder: Path, index: Path, *, seconds: float) -> subprocess.Popen[str]:
    """The real command, whose encoder takes so many seconds a batch."""
    arguments = ("index", str(folder), "--index", str(index), "--json")
    return start_process("tests.support.slow_bag", str(seconds), *arguments)


def test_ctrl_c_keeps_what_was_encoded(tmp_path: Path) -> None:
    """In the middle of the second batch: exit code 130, one sentence, no index; the next build pays for the others."""
    folder, index = tmp_path / "corpus", tmp_path / "index"
    folder.mkdir()
    paragraphs = "\n\n".join(f"Đơn vị số {number} có {number + 7} người." for number in range(TEXTS))
    (folder / "a.txt").write_text(f"Báo cáo\n\n{paragraphs}", encoding="utf-8")
    with indexing(folder, index, seconds=2 * PATIENCE) as process:
        errors = cast("IO[str]", process.stderr)
        begun = [errors.readline(), errors.readline()]
        process.send_signal(signal.SIGINT)
        printed, complaint = process.communicate(timeout=PATIENCE)
    stopped = process.returncode
    left = list((index / "generations").iterdir())
    with indexing(folder, index, seconds=0) as process:
        again, paid = process.communicate(timeout=PATIENCE)

    assert begun == ["256 texts\n", "256 texts\n"]
    assert (process.returncode, json.loads(again)["passages"]) == (0, TEXTS)
    assert (stopped, printed, complaint) == (130, "", "trichdan: stopped; what was computed is kept\n")
    assert left == []
    assert paid == "256 texts\n88 texts\n"
