"""Files that hold texts or questions are their owner's alone, also where they existed with more rights."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import IndexFault, RetrievalError
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.local.generations.private_folder import check_private
from retrieval.index.local.generations.settings_file import write_settings
from retrieval.index.opening import open_place
from retrieval.index.settings import Settings
from retrieval.inspection.write_page import write_html_page
from retrieval.private_file import private_umask
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.content_cache import ContentCache
from retrieval.reading.sandbox.ocr_cache import OcrCache
from retrieval.reading.sandbox.process import Sandbox
from retrieval.terminal.commands import doctor
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """The usual umask, with which everybody may read new files."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("exists", [False, True])
def test_caches_of_text_are_private(tmp_path: Path, exists: bool) -> None:
    """The vectors of evaluations, with their log, and the contents of documents; old ones become so when opened."""
    vectors, contents = tmp_path / "eval-embeddings.sqlite", tmp_path / "contents.sqlite"
    for path in (vectors, contents) if exists else ():
        path.touch(mode=0o644)

    with EmbeddingCache(vectors), ContentCache(contents):
        found = {path.name: rights(path) for path in tmp_path.iterdir()}

    assert set(found.values()) == {0o600}
    assert {"eval-embeddings.sqlite", "eval-embeddings.sqlite-wal", "contents.sqlite"} <= set(found)


def test_recognised_pages_are_private(tmp_path: Path) -> None:
    """Also in a folder that holds other things."""
    (tmp_path / "recognised").mkdir(mode=0o755)

    OcrCache(tmp_path / "recognised", runs_ocr=True).keep(b"a scan", {"pages": {}, "version": ""})

    assert rights(tmp_path / "recognised") == 0o700


def test_what_a_build_makes_is_private_from_the_first_moment(folder: Path, tmp_path: Path) -> None:
    """Not only once it has ended: where other things lie in the folder too, reading takes hours."""
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "notes.txt").touch()
    seen: dict[str, int] = {}

    def look(_: str) -> None:
        seen.update({path.name: rights(path) for path in (tmp_path / "index").iterdir()})

    (folder / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    build_index(folder, tmp_path / "index", BagEncoder(), admit=look)

    assert {name: mode for name, mode in seen.items() if mode & 0o077} == {"notes.txt": 0o644}


def test_a_link_to_an_index_closes_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    """The rights of the link itself mean nothing."""
    (folder / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    (tmp_path / "disk").mkdir(mode=0o755)
    (tmp_path / "index").symlink_to(tmp_path / "disk")

    build_index(folder, tmp_path / "index", BagEncoder())

    assert rights(tmp_path / "disk") == 0o700
    assert check_private(tmp_path / "index") == "the index is its owner's alone"


def test_settings_that_come_first_make_a_private_folder(tmp_path: Path) -> None:
    """`--keep` is written before the build begins."""
    write_settings(tmp_path / "index", Settings(keep=2))

    assert rights(tmp_path / "index") == 0o700


def test_a_page_of_html_is_private(folder: Path, tmp_path: Path) -> None:
    """It holds the document's text, whatever the rights of a page that it replaces."""
    path, page = folder / "a.txt", tmp_path / "a.html"
    path.write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    page.touch(mode=0o644)
    with Sandbox() as sandbox:
        write_html_page(read_document(path, folder), path.read_bytes(), sandbox, page)

    assert rights(page) == 0o600


def test_the_doctor_names_an_open_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history of questions, and the vectors of evaluations."""
    monkeypatch.setattr(doctor, "default_cache_dir", lambda: tmp_path)
    (tmp_path / "repl-history").touch(mode=0o644)

    with pytest.raises(RetrievalError, match=r"rights to .*repl-history: run `chmod go= "):
        doctor._rights(open_place(tmp_path / "index"))


def test_the_doctor_names_an_open_index(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no cache is open."""
    monkeypatch.setattr(doctor, "default_cache_dir", lambda: tmp_path / "no-cache")
    (folder / "a.txt").write_text("Báo cáo\n\nĐơn vị có 70 người.", encoding="utf-8")
    build_index(folder, tmp_path / "index", BagEncoder())
    (tmp_path / "index").chmod(0o755)

    with pytest.raises(IndexFault, match="run `chmod -R go= "):
        doctor._rights(open_place(tmp_path / "index"))


def test_the_umask_is_that_of_before_afterwards() -> None:
    """Also after an error."""
    with pytest.raises(KeyError), private_umask():
        raise KeyError

    assert os.umask(0o022) == 0o022
