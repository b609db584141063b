"""Progress bars as somebody sees them who watches a build."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from retrieval.terminal.progress_bars import ProgressBars


@pytest.fixture
def screen() -> Console:
    """A terminal that remembers what was drawn."""
    return Console(file=io.StringIO(), force_terminal=True, width=100, legacy_windows=False)


def last_line(screen: Console, beginning: str) -> str:
    """The bar with this description, as it was drawn last."""
    assert isinstance(screen.file, io.StringIO)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.file.getvalue())
    return [line for line in re.split(r"[\r\n]", plain) if line.startswith(beginning)][-1].rstrip()


def test_each_step_shows_its_share_and_the_time_left(screen: Console) -> None:
    """At 100 characters every 12 seconds, 9,000 of 10,000 take 18 minutes."""
    now = [0.0]
    with ProgressBars(screen, clock=lambda: now[0]) as shown:
        shown.start("reading", 4)
        shown.advance(2)
        shown.start("lexical", 40)
        shown.advance(40)
        shown.start("encoding", 10_000)
        for _ in range(10):
            now[0] += 12
            shown.advance(100)
        shown._bars.refresh()

        assert " 50 %" in last_line(screen, "Reading files")
        assert " 100 %" in last_line(screen, "Indexing words")
        assert last_line(screen, "Encoding").split()[-3:] == ["10", "%", "18:00"]


def test_where_nothing_is_encoded_there_is_no_bar_for_it(screen: Console) -> None:
    """A build that takes everything from the cache does not show a bar that never moves."""
    with ProgressBars(screen) as shown:
        shown.start("lexical", 1)
        shown.advance(1)
        shown.start("encoding", 0)
        shown.advance(0)

    assert isinstance(screen.file, io.StringIO)
    assert "Encoding" not in screen.file.getvalue()
