"""The Bars: what somebody sees who looks on at a build."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from retrieval.terminal import progress_bars, time_left
from retrieval.terminal.progress_bars import Bars


@pytest.fixture
def screen() -> Console:
    """A terminal that remembers what was drawn."""
    return Console(file=io.StringIO(), force_terminal=True, width=100, legacy_windows=False)


def last_line(screen: Console, beginning: str) -> str:
    """The bar with this description, as it was drawn last."""
    assert isinstance(screen.file, io.StringIO)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.file.getvalue())
    return [line for line in re.split(r"[\r\n]", plain) if line.startswith(beginning)][-1].rstrip()


def test_a_build_is_told_in_files_passages_and_time(screen: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and passages by their numbers; encoding by its share and, once there is a basis, by the time left."""
    now = [0.0]
    monkeypatch.setattr(progress_bars, "TimeLeft", lambda total: time_left.TimeLeft(total, lambda: now[0]))
    with Bars(screen) as shown:
        shown.start("reading", 3)
        shown.advance(2)
        shown.start("lexical", 40)
        shown.advance(40)
        shown.start("encoding", 10_000)
        shown.advance(1000)
        shown._bars.refresh()
        early = last_line(screen, "Encoding")
        for _ in range(10):
            now[0] += 12
            shown.advance(100)
        shown._bars.refresh()

        assert last_line(screen, "Reading files").endswith("2/3")
        assert last_line(screen, "Indexing words").endswith("40/40")
        assert early.split()[-2:] == ["10", "%"]
        assert last_line(screen, "Encoding").endswith("20 %  16 min left")


def test_where_nothing_is_encoded_there_is_no_bar_for_it(screen: Console) -> None:
    """A build that takes everything from the cache does not show a bar that never moves."""
    with Bars(screen) as shown:
        shown.start("lexical", 1)
        shown.advance(1)
        shown.start("encoding", 0)
        shown.advance(0)

    assert isinstance(screen.file, io.StringIO)
    assert "Encoding" not in screen.file.getvalue()
