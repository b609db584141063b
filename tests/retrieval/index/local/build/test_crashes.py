"""Crashes: whatever ends a build, the index of before answers on, and the next build is as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.index.local.build.previous_generation import previous_generation
from retrieval.index.local.generations.history import generations
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.support.corpus import Home, build_index
from tests.support.crashing_builder import EACH, MOMENTS
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[5]
SAME = {"z.txt": "Thư viện"}
OLD, NEW = {"a.txt": "Cũ", "b.txt": "Phép", **SAME}, {"a.txt": "Mới", "c.txt": "Phép", **SAME}  # source -> title


GOING_ON = EACH  # of so many kinds of ruin one is built on


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An index of three documents, one of which has changed since, and one been renamed."""
    home = Home(tmp_path / "corpus", tmp_path / "index")
    home.corpus.mkdir()
    (home.corpus / "a.txt").write_text("Cũ\n\nCó 70 người.", encoding="utf-8")
    (home.corpus / "b.txt").write_text("Phép\n\nNghỉ hai ngày.", encoding="utf-8")
    (home.corpus / "z.txt").write_text("Thư viện\n\nMở cửa lúc 7 giờ.", encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())
    (home.corpus / "a.txt").write_text("Mới\n\nCó 80 người.", encoding="utf-8")
    (home.corpus / "b.txt").rename(home.corpus / "c.txt")
    return home


def trials(home: Home, how: str) -> tuple[int, list[Path]]:
    """What the builder says, and the index folders that it left."""
    folder = home.index.parent
    command = [
        sys.executable,
        "-m",
        "tests.support.crashing_builder",
        *map(str, (home.corpus, home.index, folder)),
        how,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout), list(folder.glob("[0-9]*"))


def shape(index: Path) -> str:
    """Which files an index folder has, and which generation is live; their names are random, so they are numbered."""
    live = (index / "CURRENT").read_text().strip()
    names = sorted(path.name.removesuffix(".partial") for path in (index / "generations").iterdir())
    files = repr([path.relative_to(index).as_posix() for path in sorted(index.rglob("*"))])
    for number, name in enumerate(names):
        files = files.replace(name, f"{number} {'live' if name == live else ''}")
    return files


def told(index: Path) -> dict[str, str]:
    """Source -> title of the live generation, every byte of which is right."""
    was = previous_generation(index)
    assert was
    assert was.is_live
    return {record.source: record.title for record in was.records}


def titles(index: Path) -> dict[str, str]:
    """The same when it answers, and every generation that one can go back to is whole."""
    place = open_place(index)
    for name in place.history():
        place.verify(name)
    retriever = Retriever(index, BagEncoder())
    assert retriever.ask("thư viện mở cửa lúc mấy giờ?").hits[0].quote.text == "Mở cửa lúc 7 giờ."
    # Not the retriever's list, which leaves out what has been taken out of the folder since.
    return {record.source: record.title for record in place.open().documents()}


def go_on(home: Home, index: Path) -> None:
    """The next build succeeds, answers, and leaves nothing of the dead one."""
    build_index(home.corpus, index, BagEncoder())
    answer = Retriever(index, BagEncoder()).ask("80 người")

    assert answer.hits[0].quote.text == "Có 80 người."
    assert titles(index) == NEW
    assert sorted((index / "generations").iterdir()) == sorted(generations(index))
    assert not list(index.glob("*.new"))


def test_a_builder_killed_at_every_step_loses_nothing(home: Home) -> None:
    """
    Old documents or new ones, never neither nor a mixture; every generation whole; the next build completes and clears.
    """
    steps, left = trials(home, "steps")
    seen = [told(trial) for trial in left]
    shapes = {shape(trial): trial for trial in left}
    for number, trial in enumerate(shapes.values()):
        assert titles(trial) in (OLD, NEW)
        if number % GOING_ON == 0:
            go_on(home, trial)

    assert steps > 100
    assert len(shapes) > 10
    assert len(left) > steps // EACH
    assert all(found in (OLD, NEW) for found in seen)
    assert seen.count(OLD) > seen.count(NEW) > 0


def test_a_builder_killed_at_any_moment_loses_nothing(home: Home) -> None:
    """The same for SIGKILL from outside, also in the middle of what FAISS, Tantivy and SQLite write."""
    killed, left = trials(home, "moments")
    for trial in left:
        assert titles(trial) in (OLD, NEW)
        go_on(home, trial)

    assert killed > MOMENTS / 2
