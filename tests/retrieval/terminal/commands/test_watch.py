"""`trichdan index --watch`: the index follows its folder."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest

from retrieval.errors import BuildInProgress, EmptyCorpus
from retrieval.index.local.generations.settings_file import write_settings
from retrieval.index.opening import open_place
from retrieval.index.settings import Settings
from retrieval.terminal.commands import watch
from retrieval.terminal.commands.watch import watch_folders
from tests.support.command import start_process
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.slow

TEXT = "Nội quy thư viện\n\nThư viện mở cửa từ 7 giờ 30 đến 17 giờ.\n"


class Follower:
    """A `watch_folders` in a thread whose builds only list the folder."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.builds: list[list[str]] = []
        self.complaints: list[str] = []
        self.faults: list[Exception] = []
        self._folder = folder
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=watch_folders,
            args=([folder], open_place(index), self._build, self.complaints.append),
            kwargs={"quiet": 0.3, "stop": self._stop},
        )

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self.builds)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)

    def _build(self) -> None:
        self.builds.append(sorted(path.name for path in self._folder.rglob("*")))
        if self.faults:
            raise self.faults.pop()


@pytest.fixture
def follower(folder: Path) -> Iterator[Follower]:
    """It watches a folder that also holds an index."""
    (folder / "index").mkdir()
    with Follower(folder, folder / "index") as follower:
        yield follower


def test_it_builds_at_once_and_after_each_change(folder: Path, follower: Follower) -> None:
    """A new document, one that is gone, a folder that is moved in with what it holds."""
    (folder.parent / "moved").mkdir()
    (folder.parent / "moved" / "b.md").write_text(TEXT, encoding="utf-8")

    for change, left in (
        (lambda: (folder / "a.txt").write_text(TEXT, encoding="utf-8"), {"a.txt"}),
        ((folder / "a.txt").unlink, set()),
        (lambda: (folder.parent / "moved").rename(folder / "moved"), {"moved", "b.md"}),
    ):
        built = len(follower.builds)
        change()
        until(lambda built=built, left=left: any(set(each) - {"index"} == left for each in follower.builds[built:]))

    assert set(follower.builds[0]) == {"index"}


def test_what_editors_and_builds_leave_is_passed_over(folder: Path, follower: Follower) -> None:
    """Hidden files, Word's marks, other kinds of files and the index itself make nobody build."""
    for name in (".a.txt.swp", ".b.txt", "~$c.docx", "d.txt~", "e.tmp", "f.crdownload", "index/g.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    time.sleep(1)
    before = len(follower.builds)
    (folder / "z.txt").write_text(TEXT, encoding="utf-8")
    until(lambda: len(follower.builds) > before)

    assert before == 1


def test_a_half_copied_file_is_waited_for(folder: Path, follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it has grown between two looks, nothing is built; then it is."""
    built: list[int] = []

    def grow(_: float) -> None:
        if len(built) < 20:
            built.append(len(follower.builds))
            with (folder / "a.txt").open("a", encoding="utf-8") as file:
                file.write(TEXT)

    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=grow))
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    until(lambda: len(follower.builds) > 1)

    assert built == [1] * 20


def test_changed_smoke_questions_are_asked(folder: Path, tmp_path: Path) -> None:
    """Their file may stand anywhere, and editors put a new one in its place; otherwise nothing is built."""
    smoke, index = tmp_path / "smoke.toml", tmp_path / "index"
    smoke.write_text("một", encoding="utf-8")
    write_settings(index, Settings(smoke="../smoke.toml"))

    with Follower(folder, index) as follower:
        time.sleep(1)
        at_first = len(follower.builds)
        (tmp_path / "new").write_text("hai câu", encoding="utf-8")
        (tmp_path / "new").replace(smoke)
        until(lambda: len(follower.builds) > at_first)
        time.sleep(1)

    assert (at_first, len(follower.builds)) == (1, 2)


def test_a_bad_build_is_said_and_the_next_change_tried(folder: Path, follower: Follower) -> None:
    """What is wrong with the documents waits for their next change."""
    follower.faults.append(EmptyCorpus("nothing is there"))
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    until(lambda: follower.complaints)
    before = len(follower.builds)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    until(lambda: len(follower.builds) > before)

    assert follower.complaints == ["nothing is there"]


def test_another_builder_is_waited_for(folder: Path, follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have read the folder before the change: without another change the build is tried again."""
    monkeypatch.setattr(watch, "_RETRY", 0.1)
    follower.faults.append(BuildInProgress("another is at it"))
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")

    until(lambda: len(follower.builds) >= 3)

    assert follower.complaints == ["another is at it; it is tried again"]


def test_ctrl_c_ends_it(folder: Path, tmp_path: Path) -> None:
    """The real command indexes, follows a change, and ends on Ctrl-C with one sentence and a whole index."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = ["index", str(folder), "--index", str(tmp_path / "index"), "--watch", "--json"]
    with start_process("tests.support.bot.index_with_bag", *arguments) as process:
        assert process.stdout is not None
        try:
            first = json.loads(process.stdout.readline())
            (folder / "b.txt").write_text(TEXT.replace("thư viện", "nhà ăn"), encoding="utf-8")
            second = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGINT)
            _, complaint = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    assert (first["documents"], second["documents"], second["new"]) == (1, 2, 1)
    assert (process.returncode, complaint) == (130, "trichdan: stopped; what was computed is kept\n")
