"""Files that cannot be read any more: listed with their reason, answered from as they last were, and marked so."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from retrieval.answering.answer import Answer
from retrieval.index.build.content_digest import content_digest
from retrieval.index.local.build.build import build
from retrieval.index.local.storage.store import Store
from retrieval.index.opening import open_place
from retrieval.passage import split_document
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.retriever import Retriever
from retrieval.terminal.commands.index import show_summary
from tests.support.corpus import SEEDS, build_index
from tests.support.document_makers import zip_of
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

pytestmark = pytest.mark.slow

TEXT = "Báo cáo năm\n\nĐơn vị có 70 người."
OTHER = "Thông báo\n\nNghỉ lễ từ ngày 30/4."
REMARK = "bản trước; tệp hiện không đọc được"


@pytest.fixture
def ask(tmp_path: Path, indexed: Callable[..., Path], encoder: BagEncoder) -> Callable[[], Answer]:
    """The answer to a question that a.txt answers; there is another document besides."""
    index = indexed(a=TEXT, b=OTHER)
    return lambda: Retriever(index, encoder).ask("Đơn vị có 70 người")


def quoted(answer: Answer) -> list[tuple[str, bool]]:
    """The words and the remark of what was quoted from a.txt."""
    return [
        (hit.quote.text, hit.quote.citation.line.endswith(REMARK))
        for hit in answer.hits
        if hit.quote.doc_id == "a.txt" or "zip" in hit.quote.doc_id
    ]


def test_a_broken_file_is_quoted_as_it_last_was(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]
) -> None:
    """It is refused and listed, its paragraphs stay in the answers, with a remark; nothing of it is embedded again."""
    (folder / "a.txt").write_bytes(b"\x00half a file")
    paid = encoder.encoded

    summary = build_index(folder, tmp_path / "index", encoder)

    assert ([refusal.source for refusal in summary.refused], summary.retained) == (["a.txt"], ("a.txt",))
    assert (summary.removed, encoder.encoded) == ((), paid)
    assert quoted(ask()) == [("Đơn vị có 70 người.", True)]


def test_the_same_broken_file_is_nothing_new(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]
) -> None:
    """A second build finds what the first found; the version stays, however often."""
    (folder / "a.txt").write_bytes(b"\x00half a file")
    build_index(folder, tmp_path / "index", encoder)

    again = build_index(folder, tmp_path / "index", encoder)
    anew = build_index(folder, tmp_path / "index", encoder, rebuild=True)

    assert (again.built, again.retained, anew.retained) == (False, ("a.txt",), ("a.txt",))
    assert quoted(ask()) == [("Đơn vị có 70 người.", True)]


def test_a_file_that_breaks_again_is_not_quoted_until_it_was_looked_at(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]
) -> None:
    """The index knows one state of the file; another one may be anything, and is said to have changed."""
    (folder / "a.txt").write_bytes(b"\x00half a file")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").write_bytes(b"\x00another half")

    stale = ask()
    build_index(folder, tmp_path / "index", encoder)

    assert (quoted(stale), len(stale.notices)) == ([], 1)
    assert quoted(ask()) == [("Đơn vị có 70 người.", True)]


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("70", "80")], ids=["as it was", "another"])
def test_a_repaired_file_has_no_remark(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer], text: str
) -> None:
    """Once it can be read, what it says counts."""
    (folder / "a.txt").write_bytes(b"\x00half a file")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").write_text(text, encoding="utf-8")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert (summary.changed, summary.retained) == (("a.txt",), ())
    assert quoted(ask()) == [(text.splitlines()[-1], False)]


def test_a_broken_file_that_is_deleted_is_gone(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]
) -> None:
    """Only what is there and fails is kept."""
    (folder / "a.txt").write_bytes(b"\x00half a file")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").unlink()

    summary = build_index(folder, tmp_path / "index", encoder)

    assert (summary.removed, summary.retained, quoted(ask())) == (("a.txt",), (), [])


def test_what_gives_no_bytes(tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]) -> None:
    """Without bytes to compare, the version is quoted while there are none, and stale as soon as there are."""
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")

    summary = build_index(folder, tmp_path / "index", encoder)
    kept = ask()
    (folder / "a.txt").unlink()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    stale = ask()

    assert (summary.retained, quoted(kept)) == (("a.txt",), [("Đơn vị có 70 người.", True)])
    assert (quoted(stale), len(stale.notices)) == ([], 1)


def test_the_only_document(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """An index does not become empty because its only file broke."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").write_text(" ", encoding="utf-8")

    assert build_index(folder, tmp_path / "index", encoder).retained == ("a.txt",)


def test_a_broken_sidecar_takes_nothing_away(
    tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]
) -> None:
    """The document's own bytes are those that were read: it is quoted without a remark, and not built again."""
    (folder / "a.txt.meta.toml").write_text("title = ", encoding="utf-8")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert (len(summary.refused), summary.retained, summary.built) == (1, ("a.txt",), False)
    assert quoted(ask()) == [("Đơn vị có 70 người.", False)]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 no archive", zip_of({"a.txt": b"\x00"})], ids=["the archive", "its member"]
)
def test_archives(tmp_path: Path, folder: Path, encoder: BagEncoder, data: bytes) -> None:
    """A document is kept whether its archive broke or it alone inside it; a member that was taken out is gone."""
    members = {"a.txt": TEXT.encode(), "b.txt": OTHER.encode()}
    (folder / "x.zip").write_bytes(zip_of(members))
    (folder / "c.txt").write_text("Lịch họp\n\nHọp lúc 8 giờ.", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "x.zip").write_bytes(data)

    summary = build_index(folder, tmp_path / "index", encoder)

    assert summary.retained == (("x.zip/a.txt", "x.zip/b.txt") if b"no" in data else ("x.zip/a.txt",))
    answer = Retriever(tmp_path / "index", encoder).ask("Đơn vị có 70 người")
    assert ("Đơn vị có 70 người.", True) in quoted(answer)


def test_a_file_of_another_folder(tmp_path: Path, folder: Path, encoder: BagEncoder, ask: Callable[[], Answer]) -> None:
    """The same index built from another folder: what its broken file of that name said before, nobody knows."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_bytes(b"\x00half a file")
    (other / "b.txt").write_text(OTHER, encoding="utf-8")

    summary = build_index(other, tmp_path / "index", encoder)

    assert (summary.retained, quoted(ask())) == ((), [])


def test_an_index_that_was_moved_with_its_folder(tmp_path: Path, encoder: BagEncoder) -> None:
    """They are still what they were to each other."""
    (tmp_path / "here" / "corpus").mkdir(parents=True)
    (tmp_path / "here" / "corpus" / "a.txt").write_text(TEXT, encoding="utf-8")
    build_index(tmp_path / "here" / "corpus", tmp_path / "here" / "index", encoder)
    there = (tmp_path / "here").rename(tmp_path / "there")
    (there / "corpus" / "a.txt").write_bytes(b"\x00half a file")

    assert build_index(there / "corpus", there / "index", encoder).retained == ("a.txt",)


def test_a_folder_that_cannot_be_listed(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Its documents stay, and those of a folder whose name only begins alike do not."""
    for name in ("phong", "phong-hai"):
        (folder / name).mkdir()
        (folder / name / "a.txt").write_text(f"{TEXT}\n\n{name}", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "phong-hai" / "a.txt").unlink()
    closed = Refusal("phong", "a folder must be readable")

    summary = build(
        [closed], tmp_path / "index", encoder, root=folder, model=None, progress=SilentProgress(), rebuild=False
    )

    assert (summary.retained, summary.removed) == (("phong/a.txt",), ("phong-hai/a.txt",))


def test_the_store_gives_back_whole_documents(tmp_path: Path) -> None:
    """The seeds, their blocks and what is split from them, as they were put in."""
    documents = [entry for entry in walk([SEEDS]) if isinstance(entry, Document)]
    Store.write(tmp_path, ((document, content_digest(document)) for document in documents), ())

    store = Store(tmp_path / "store.sqlite")
    found = [store.full_document(document.doc_id) for document in documents]

    assert found == documents
    assert list(map(split_document, found)) == list(map(split_document, documents))
    store.close()


def test_the_summary_says_how_a_kept_document_is_withdrawn(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Whoever takes the rights from a file, or breaks it, is told that its words are still quoted."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_text(OTHER, encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")  # unreadable also to those whom no rights bind
    summary = build_index(folder, tmp_path / "index", encoder)
    console = Console(file=StringIO())

    show_summary(console, summary, open_place(tmp_path / "index"))

    said = console.file.getvalue()
    assert "kept a.txt as it was last read" in said
    assert "to withdraw a kept document, delete its file or move it away" in said
