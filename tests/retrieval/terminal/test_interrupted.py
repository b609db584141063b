"""`trichdan index` and Ctrl-C: one sentence, and the next build goes on where this one stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).parents[3]
TEXTS = 600  # more than two batches of the cache


def started(folder: Path, index: Path, *, seconds: float) -> subprocess.Popen[str]:
    """The real command, whose encoder takes so many seconds a batch."""
    command = [sys.executable, "-m", "tests.retrieval.terminal.slow_bag", str(seconds), "index", str(folder)]
    return subprocess.Popen(
        [*command, "--index", str(index), "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs the tests in the background of a shell has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads yet
    )


def test_ctrl_c_keeps_what_was_encoded(tmp_path: Path) -> None:
    """In the middle of the second batch: exit code 130, one sentence, no index; the next build pays for the others."""
    folder, index = tmp_path / "corpus", tmp_path / "index"
    folder.mkdir()
    paragraphs = "\n\n".join(f"Đơn vị số {number} có {number + 7} người." for number in range(TEXTS))
    (folder / "a.txt").write_text(f"Báo cáo\n\n{paragraphs}", encoding="utf-8")
    with started(folder, index, seconds=60) as process:
        errors = cast("IO[str]", process.stderr)
        begun = [errors.readline(), errors.readline()]
        process.send_signal(signal.SIGINT)
        printed, complaint = process.communicate(timeout=60)
    stopped = process.returncode
    left = list((index / "generations").iterdir())
    with started(folder, index, seconds=0) as process:
        again, paid = process.communicate(timeout=60)

    assert begun == ["256 texts\n", "256 texts\n"]
    assert (process.returncode, json.loads(again)["passages"]) == (0, TEXTS)
    assert (stopped, printed, complaint) == (130, "", "trichdan: stopped; what was computed is kept\n")
    assert left == []
    assert paid == "256 texts\n88 texts\n"
