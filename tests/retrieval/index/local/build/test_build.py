"""Builds: incremental, atomic, resumable, one at a time."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import BuildInProgress, DamagedIndex, EmptyCorpus, IndexMismatch, MissingIndex
from retrieval.index.local.build.build import build
from retrieval.index.local.generations import generation
from retrieval.reading.corpus import walk
from retrieval.reading.document import Document
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

TEXT = "Báo cáo năm\n\nĐơn vị có 70 người.\n\nHọp tại Hà Nội ngày 8/1."


def test_a_second_build_pays_only_for_new_text(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Unchanged files cost no embedding; the summary says what is new, changed, unchanged and removed."""
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"{TEXT}\n\nTệp {name}.", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    paid = encoder.encoded
    (folder / "a.txt").write_text(f"{TEXT}\n\nTệp a, bản mới.", encoding="utf-8")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("Thông báo\n\nNghỉ lễ từ ngày 30/4.", encoding="utf-8")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert (summary.new, summary.changed, summary.unchanged, summary.removed) == (
        ("d.txt",),
        ("a.txt",),
        ("c.txt",),
        ("b.txt",),
    )
    assert encoder.encoded - paid == 2  # the new paragraph of a, and d's only one


def test_nothing_new_builds_nothing(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """The live generation stays as it is when it already says everything."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)

    second = build_index(folder, tmp_path / "index", encoder)

    assert (second.built, second.generation) == (False, first.generation)


def better(document: Document, **changes: object) -> Document:
    """What another version of the reader makes of the same bytes: the first paragraph with these changes."""
    first, *others = document.blocks
    return replace(document, blocks=(replace(first, **changes), *others))


@pytest.mark.parametrize(
    "changes", [{"page": 2}, {"last_page": 3}, {"notes": ("1",)}, {"context": "Số lượng"}, {"kind": "caption"}]
)
def test_what_a_better_reader_finds_is_noticed(
    tmp_path: Path, folder: Path, encoder: BagEncoder, changes: dict[str, object]
) -> None:
    """Bytes, text and metadata are as they were; the pages, notes or kinds of paragraphs are not, and are indexed."""
    (folder / "a.txt").write_text("Đơn vị có 70 người.", encoding="utf-8")
    (read,) = [entry for entry in walk([folder]) if isinstance(entry, Document)]
    index = tmp_path / "index"
    again = [
        build([document], index, encoder, root=folder, model=None, progress=SilentProgress())
        for document in (read, read, better(read, **changes), better(read, **changes))
    ]

    assert [summary.built for summary in again] == [True, False, True, False]
    assert again[2].changed == ("a.txt",)


def test_another_origin_is_noticed(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """A citation says that letters were converted: it must say so of a file where that is only found out now."""
    (folder / "a.txt").write_text("Đơn vị có 70 người.", encoding="utf-8")
    (read,) = [entry for entry in walk([folder]) if isinstance(entry, Document)]
    for document in (read, replace(read, origin="vni")):
        build([document], tmp_path / "index", encoder, root=folder, model=None, progress=SilentProgress())

    (record,) = Retriever(tmp_path / "index", encoder).documents()
    assert record.origin == "vni"


def test_what_cannot_be_cleared_away_fails_no_build(
    tmp_path: Path, folder: Path, encoder: BagEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new index is live before old generations are removed: a disk that will not list them is not its failure."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    listed = Path.iterdir

    def refused(path: Path) -> Iterator[Path]:
        if path.name == "generations":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    summary = build_index(folder, tmp_path / "index", encoder)

    assert generation.live_folder(tmp_path / "index").name == summary.generation
    assert summary.new == ("b.txt",)


def test_a_damaged_generation_is_built_anew(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """`trichdan index` repairs what it finds broken, without being told to."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)
    (tmp_path / "index" / "generations" / first.generation / "dense.faiss").write_bytes(b"rubbish")

    second = build_index(folder, tmp_path / "index", encoder)

    assert second.built
    assert Retriever(tmp_path / "index", encoder).ask("70 người").hits


def test_refused_files_are_listed_and_stop_nothing(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """A binary file among good ones is refused with its reason."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_bytes(b"\x00\x01")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert [refusal.source for refusal in summary.refused] == ["b.txt"]
    assert summary.new == ("a.txt",)


def test_an_empty_corpus_leaves_the_old_index(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """When everything is gone, by mistake perhaps, the build refuses and the live generation answers on."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").unlink()

    with pytest.raises(EmptyCorpus, match="at least one readable document"):
        build_index(folder, tmp_path / "index", encoder)

    assert generation.live_folder(tmp_path / "index").name == first.generation


def test_only_one_process_builds_at_a_time(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """The second builder is told to wait, and nothing of the first is touched."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")

    with generation.build_lock(tmp_path / "index"), pytest.raises(BuildInProgress, match="wait"):
        build_index(folder, tmp_path / "index", encoder)


def test_a_damaged_cache_is_named(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Vectors are dear: the file is not removed unasked, but named with the remedy; the old index stays."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)
    (tmp_path / "index" / "embeddings.sqlite").write_bytes(b"rubbish" * 1000)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")

    with pytest.raises(DamagedIndex, match=r"embeddings\.sqlite keeps computed vectors.*remove it"):
        build_index(folder, tmp_path / "index", encoder)

    assert [path.name for path in (tmp_path / "index" / "generations").iterdir()] == [first.generation]


@pytest.mark.parametrize(
    "name", ["store.sqlite", "dense.faiss", "windows.npy", "vocabulary.sqlite", "abbreviations.json", "manifest.json"]
)
def test_any_damaged_file_is_noticed(
    tmp_path: Path, indexed: Callable[..., Path], encoder: BagEncoder, name: str
) -> None:
    """One changed byte anywhere, and the index is refused rather than searched."""
    live = generation.live_folder(indexed(a=TEXT))
    data = bytearray((live / name).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (live / name).write_bytes(data)

    with pytest.raises((DamagedIndex, IndexMismatch), match="--rebuild"):
        Retriever(tmp_path / "index", encoder).ask("70 người")


def test_a_missing_index_names_the_command_that_builds_it(tmp_path: Path) -> None:
    """The remedy for no index is the command."""
    with pytest.raises(MissingIndex, match="trichdan index FOLDER"):
        Retriever(tmp_path / "nowhere").ask("gì")


def test_another_models_index_is_not_searched(indexed: Callable[..., Path]) -> None:
    """Vectors of two models do not compare: the error names both."""
    index = indexed(a=TEXT)

    with pytest.raises(IndexMismatch, match=r"bag/1.*bag/2"):
        Retriever(index, BagEncoder("bag/2")).ask("70 người")
