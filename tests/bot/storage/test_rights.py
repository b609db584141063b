"""The state file and what lies beside it are for the bot's user alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.command import _state_rights
from bot.storage.day_files import DayFiles
from retrieval.errors import RetrievalError


def test_uploads_are_private(tmp_path: Path) -> None:
    """Also where their folder existed with more rights."""
    (tmp_path / "uploads").mkdir(mode=0o755)

    DayFiles(tmp_path / "uploads").create("a.txt")

    assert (tmp_path / "uploads").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["bot.sqlite", "bot.sqlite-wal", "bot.sqlite-uploads", "bot.sqlite.bak"])
def test_the_doctor_names_an_open_state_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """And what lies beside it: its log, uploads, copies."""
    monkeypatch.setenv("TRICHDAN_STATE", str(tmp_path / "bot.sqlite"))
    (tmp_path / "bot.sqlite").touch(mode=0o600)
    before = _state_rights()
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o640)

    with pytest.raises(RetrievalError, match=rf"rights to .*{name}: run `chmod -R go= "):
        _state_rights()

    assert before.endswith("is its owner's alone")
