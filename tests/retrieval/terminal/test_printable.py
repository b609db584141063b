"""What documents hold is shown on a terminal, never obeyed by it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.terminal.console import echo, plain_console
from tests.support.command import ROOT
from tests.support.waiting import PATIENCE

HOSTILE = "Quy chế\x1b]0;OWNED\x07 nộp \u202ebáo cáo\x9b31m đúng hạn."


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def commanding(text: str) -> set[str]:
    """The characters of a text that a terminal may obey."""
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf"} and char not in "\n\t"}


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_printed(text: str) -> None:
    """By the console, in tables and lines of it, and by plain lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", terminal := Terminal())
        patch.setenv("TERM", "dumb")
        plain_console().print(text, markup=False, soft_wrap=True)
        echo(text)

    assert commanding(terminal.getvalue()) == set()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_in_a_pipe_the_characters_stay(text: str) -> None:
    """Programs get what the document holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", pipe := io.StringIO(newline=""))
        echo(text)

    assert pipe.getvalue() == f"{text}\n"


def test_vietnamese_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Composed or not."""
    text = "Đường đến Điện Biên Phủ – " + unicodedata.normalize("NFD", "Tướng Giáp")
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())

    echo(text)

    assert terminal.getvalue() == f"{text}\n"


@pytest.mark.slow
def test_a_hostile_file_is_read_out_harmlessly(tmp_path: Path) -> None:
    """On a real terminal, by the real command."""
    (tmp_path / "a.txt").write_text(f"{HOSTILE}\n\n{HOSTILE}\n", encoding="utf-8")
    (tmp_path / "a.txt.meta.toml").write_text('title = "Quy chế\\u001b]0;OWNED\\u0007"', encoding="utf-8")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "retrieval", "read", str(tmp_path / "a.txt")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "TERM": "dumb"}, stdout=theirs, timeout=PATIENCE, check=True)
    os.close(theirs)

    printed = os.read(ours, 1 << 16).decode()

    os.close(ours)
    assert "OWNED" in printed
    assert commanding(printed.replace("\r\n", "\n")) == set()
