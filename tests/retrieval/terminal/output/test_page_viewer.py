"""`ask --open` and `:open`: the page of a quote in a file, and in a viewer where there is a desktop."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from embeddings import Encoder
from retrieval.retriever import Retriever
from retrieval.terminal.output import page_viewer
from tests.support.corpus import Home, build_index
from tests.support.document_makers import pdf_of
from tests.support.encoders import BagEncoder
from tests.support.waiting import until

pytestmark = pytest.mark.slow

KEY = "Chìa khóa kho do bảo vệ cơ quan giữ trong tủ sắt."
BOOK = "Sách của thư viện được mượn trong mười ngày."


@pytest.fixture
def without_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No screen, and a folder of this test for temporary files."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A PDF and a text."""
    folder = tmp_path_factory.mktemp("mixed")
    home = Home(folder / "corpus", folder / "index")
    home.corpus.mkdir()
    (home.corpus / "kho.pdf").write_bytes(pdf_of([KEY]))
    (home.corpus / "sach.txt").write_text(f"Thư viện\n\n{BOOK}\n", encoding="utf-8")
    return home


def opened(home: Home, question: str) -> list[str]:
    """What is printed when the first quote for a question is opened."""
    build_index(home.corpus, home.index, BagEncoder())
    retriever = Retriever(home.index, BagEncoder())
    printed = io.StringIO()
    page_viewer.open_quote(Console(file=printed, width=40), retriever, retriever.ask(question).hits[0].quote)
    return printed.getvalue().splitlines()


def test_without_a_desktop_the_file_is_named(mixed: Home, without_desktop: Path) -> None:
    """A picture of the page, in a folder that only its owner reads."""
    (line,) = opened(mixed, "chìa khóa kho")

    named = re.fullmatch(r"page 1: (.+)", line)
    assert named is not None
    file = Path(named[1])
    assert (file.name, file.parent.parent) == ("kho-1.png", without_desktop)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    with Image.open(file) as image:
        assert image.size == (1241, 1754)


def test_on_a_desktop_the_viewer_gets_the_file(
    mixed: Home, without_desktop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's own, with the file that is named."""
    viewer = without_desktop / "xdg-open"
    viewer.write_text(
        f'#!/bin/sh\nprintf %s "$1" > {without_desktop}/part && mv {without_desktop}/part {without_desktop}/seen\n'
    )
    viewer.chmod(0o700)
    monkeypatch.setenv("PATH", str(without_desktop), prepend=":")
    monkeypatch.setenv("DISPLAY", ":0")

    (line,) = opened(mixed, "chìa khóa kho")

    until((without_desktop / "seen").exists)
    assert f"page 1: {(without_desktop / 'seen').read_text()}" == line


def test_a_text_has_no_pages(mixed: Home, without_desktop: Path) -> None:
    """One sentence with the file's path, and no picture."""
    (line,) = opened(mixed, "mượn sách thư viện")

    assert line.endswith(f"is in a format without pages: open the file itself, {mixed.corpus / 'sach.txt'}")
    assert list(without_desktop.glob("trichdan-*")) == []


def test_the_commands_open_what_they_are_told(
    invoke: Callable, mixed: Home, without_desktop: Path, model: Encoder
) -> None:
    """`ask --open` the first quote, `:open` that of a rank; a rank that is not there is refused."""
    build_index(mixed.corpus, mixed.index, model)

    asked = invoke("ask", "--open", "-k", 1, "--index", mixed.index, KEY)
    session = invoke("repl", "--index", mixed.index, stdin=f":open\n{KEY}\n:open\n:open 7\n")

    assert asked.exit_code == 0
    assert re.search(r"^page 1: .+/kho-1\.png$", asked.stdout, re.MULTILINE)
    assert "a question first" in session.stdout.splitlines()[0]
    assert len(re.findall(r"^page 1: .+/kho-1\.png$", session.stdout, re.MULTILINE)) == 1
    assert "type `:open 1`" in session.stdout
