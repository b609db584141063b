"""A child process: what it is given, what is kept of it, and that it ends."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from bot.administration.reindex import INDEXER
from bot.operations.child_process import run_child
from tests.support.waiting import PATIENCE, soon


def python(code):
    """A command that runs this code."""
    return [sys.executable, "-c", code]


def alive(pid):
    """Whether a process runs, a zombie not counted."""
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - /proc is Linux's
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_it_said_is_kept():
    """Its standard output, the last line of its complaints and its exit code."""
    ended = await run_child(python("import sys; print('a'); print('b\\nc', file=sys.stderr); sys.exit(3)"))

    assert (ended.code, ended.out, ended.complaint) == (3, b"a\n", "c")


async def test_it_has_no_settings_and_a_low_priority(monkeypatch):
    """The token above all; what is not ours stays. As much nicer than the bot as it was asked to be."""
    monkeypatch.setenv("TRICHDAN_TOKEN", "1:secret")
    monkeypatch.setenv("OTHER", "kept")
    nice = min(os.nice(0) + 3, 19)
    wait = f"import os, time\nwhile os.nice(0) != {nice}: time.sleep(0.01)\n"  # it is begun before it is made nicer

    code = f"{wait}print(os.environ.get('TRICHDAN_TOKEN'), os.environ['OTHER'], os.nice(0))"
    ended = await run_child(python(code), seconds=PATIENCE, nicer=3)

    assert ended.out.split() == [b"None", b"kept", str(nice).encode()]


async def test_it_finds_the_model_where_the_bot_does(monkeypatch):
    """A service's own folder may be the only place with a model, and another one may not be writable."""
    monkeypatch.setenv("TRICHDAN_CACHE", "/var/cache/trichdan")

    ended = await run_child(python("import os; print(os.environ['TRICHDAN_CACHE'])"))

    assert ended.out == b"/var/cache/trichdan\n"


@pytest.mark.slow
async def test_it_is_ended_in_time_with_what_it_started(tmp_path):
    """Also one that does not want to end, and its own child."""
    code = (
        "import signal, subprocess, sys, os, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']);"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}'); time.sleep(3600)"
    )
    for seconds in (4.0, 16.0, 64.0):  # until it had the time to begin
        with pytest.raises(TimeoutError):
            await run_child(python(code), seconds=seconds)
        if (tmp_path / "pids").exists():
            break

    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    await soon(lambda: not any(map(alive, pids)))  # a killed process still has to be scheduled once


async def test_it_is_ended_with_whoever_waits(tmp_path):
    """A cancelled wait leaves no process."""
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    task = asyncio.create_task(run_child(python(code)))
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
        await asyncio.sleep(0.01)

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert not alive(int((tmp_path / "pid").read_text()))


async def test_a_flood_of_output_is_cut():
    """What it prints beyond four megabytes is not kept, and it is not held up by that."""
    ended = await run_child(python("import sys; [sys.stdout.write('x' * 1000000) for _ in range(9)]"))

    assert (ended.code, len(ended.out)) == (0, 4 * 1024 * 1024)


async def test_the_indexer_runs_no_file_of_the_current_directory(tmp_path, monkeypatch):
    """A `json.py` where the bot was started is not imported by the child that it starts."""
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ":")

    ended = await run_child([*INDEXER, "--help"])

    assert ended.code == 0
    assert b"Build the index" in ended.out
    assert not (tmp_path / "ran").exists()
