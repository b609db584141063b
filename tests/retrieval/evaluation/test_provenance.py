"""What a report's figures were measured with."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from retrieval.evaluation.provenance import commit, provenance


def test_a_run_is_described() -> None:
    """Its command, its time and the versions it ran with."""
    started = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

    found = provenance("trichdan eval --all x", started=started, ended=started + timedelta(seconds=90.4))

    assert (found.command, found.measured, found.seconds) == ("trichdan eval --all x", "2026-11-22T06:01:30+00:00", 90)
    assert found.versions["numpy"] == version("numpy")


def test_no_commit_outside_a_repository(tmp_path: Path) -> None:
    """A folder below one is not asked for: an installed package is no part of whatever repository it lies in."""
    assert commit(tmp_path) is None


def test_a_commit_and_whether_files_differ_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The short hash; "-dirty" once a file has changed."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "x")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "x@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (tmp_path / "a").write_text("1", encoding="utf-8")
    for words in (["init", "-q"], ["add", "a"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)  # noqa: S607 - the user's git
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - the user's git
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()

    clean = commit(tmp_path)
    (tmp_path / "a").write_text("2", encoding="utf-8")

    assert (clean, commit(tmp_path)) == (head, f"{head}-dirty")
