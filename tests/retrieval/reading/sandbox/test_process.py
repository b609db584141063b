"""The sandbox's process: what it imports and what it is given."""

from __future__ import annotations

import os
from pathlib import Path

import docx
import pytest

from retrieval.reading import Sandbox

pytestmark = pytest.mark.slow


@pytest.fixture
def word_file(tmp_path: Path) -> bytes:
    """A Word file of one paragraph."""
    paper = docx.Document()
    paper.add_paragraph("Đơn vị có 70 người.")
    paper.save(str(tmp_path / "a.docx"))
    return (tmp_path / "a.docx").read_bytes()


def test_python_files_beside_the_documents_are_not_run(
    word_file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file `json.py` in the current directory is never imported by the worker."""
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep)  # an empty entry is the current directory, too

    with Sandbox() as sandbox:
        content = sandbox.read(word_file, "a.docx")

    assert content.text == "Đơn vị có 70 người."
    assert not (tmp_path / "ran").exists()


def test_it_gets_nothing_of_the_environment_but_what_readers_need(
    word_file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a secret is called, the process that reads files does not hold it, and stands in no folder of ours."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/bot")
    monkeypatch.setenv("SOME_PASSWORD", "geheim")

    with Sandbox() as sandbox:
        sandbox.read(word_file, "a.docx")
        assert sandbox._process is not None
        process = Path(f"/proc/{sandbox._process.pid}")
        environment = (process / "environ").read_bytes()
        folder = (process / "cwd").readlink()

    assert b"PATH=" in environment
    assert b"CREDENTIALS" not in environment
    assert b"geheim" not in environment
    assert folder == Path("/")
