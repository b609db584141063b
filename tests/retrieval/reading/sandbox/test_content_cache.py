"""The content cache: the same bytes are read once, and nothing is kept of deleted files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import docx
import pytest

from retrieval.reading import reader
from retrieval.reading.corpus import walk
from retrieval.reading.document import Document
from retrieval.reading.sandbox import content_cache
from retrieval.reading.sandbox import process as sandbox_process
from retrieval.reading.sandbox.content_cache import ContentCache

pytestmark = pytest.mark.slow

WORDS = "Ma so luu tru 4711-ABCD."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two Word files."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in (("a", WORDS), ("b", "Đơn vị có 70 người.")):
        paper = docx.Document()
        paper.add_paragraph(text)
        paper.save(str(folder / f"{name}.docx"))
    return folder


def read(corpus: Path) -> list[Document]:
    """The documents, with what was read before."""
    return [
        entry
        for entry in walk([corpus], content_cache=corpus.parent / "contents.sqlite")
        if isinstance(entry, Document)
    ]


def test_the_same_bytes_are_read_once(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time no process is started, even under another name, and the result is equal."""
    first = read(corpus)
    monkeypatch.setattr(sandbox_process, "_start_process", lambda *_: pytest.fail("a process was started"))
    (corpus / "b.docx").rename(corpus / "c.docx")

    second = read(corpus)

    assert [document.text for document in second] == [document.text for document in first]
    assert [document.blocks for document in second] == [document.blocks for document in first]
    assert [document.source for document in second] == ["a.docx", "c.docx"]


def test_text_files_are_read_once_too(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text files with the same bytes and suffix are read once, too."""
    text = "# Quy chế\n\nĐơn vị có 70 người[^1].\n\n[^1]: Năm 2022."
    for name in ("a.txt", "b.md"):
        (corpus / name).write_text(text, encoding="utf-8")
    first = read(corpus)
    for suffix in (".txt", ".md"):
        monkeypatch.setitem(reader.READERS, suffix, lambda *_: pytest.fail("a text was read"))

    assert read(corpus) == first


def test_what_is_gone_is_forgotten(corpus: Path) -> None:
    """After the next reading nothing of a deleted file is left in the cache, not even in free pages."""
    read(corpus)
    file = corpus.parent / "contents.sqlite"
    held = WORDS.encode() in file.read_bytes()
    (corpus / "a.docx").unlink()
    read(corpus)

    assert held
    assert WORDS.encode() not in file.read_bytes()


def test_another_reader_reads_anew(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in the readers or their libraries invalidates the cache."""
    read(corpus)
    monkeypatch.setattr(content_cache, "_readers", lambda: "others")
    monkeypatch.setattr(
        sandbox_process, "_start_process", lambda *_: (_ for _ in ()).throw(RuntimeError("a process was started"))
    )

    with pytest.raises(RuntimeError):
        read(corpus)


def test_a_damaged_cache_is_begun_anew(corpus: Path) -> None:
    """It can be made again, so it stops nobody."""
    file = corpus.parent / "contents.sqlite"
    file.write_bytes(b"no database" * 1000)

    documents = read(corpus)

    assert len(documents) == 2
    db = sqlite3.connect(file)
    assert db.execute("SELECT count(*) FROM contents").fetchone() == (2,)
    db.close()


def test_a_cache_that_went_bad_further_back_is_begun_anew(corpus: Path) -> None:
    """A damaged overflow page is found although the rows can still be counted."""
    file = corpus.parent / "contents.sqlite"
    with ContentCache(file) as cache:
        for name in ("a.docx", "b.docx"):
            cache.keep((corpus / name).read_bytes(), name, {"content": "a" * 20_000})
        cache._db.commit()
    data = file.read_bytes()
    file.write_bytes(data[: 4 * 4096] + b"\xff" * (len(data) - 4 * 4096))

    assert len(read(corpus)) == 2


def test_a_letter_that_flipped_is_not_quoted(corpus: Path) -> None:
    """A stored reply that was altered is ignored."""
    read(corpus)
    with sqlite3.connect(corpus.parent / "contents.sqlite") as db:
        db.execute("UPDATE contents SET reply = replace(reply, '70', '90')")
    db.close()

    again = read(corpus)

    assert "Đơn vị có 70 người." in [document.text.strip() for document in again]


def test_what_libreoffice_reads_is_read_again_once_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contents of a .doc are kept for a machine without it and for one with it; others do not ask."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    with ContentCache(tmp_path / "contents.sqlite") as cache:
        for name in ("a.doc", "a.pdf"):
            cache.keep(b"x", name, {"content": name})
        (programs / "soffice").touch(mode=0o755)

        found = [cache.find(b"x", name) for name in ("a.doc", "a.pdf")]

    assert found == [None, {"content": "a.pdf"}]
