"""Which files a corpus is made of, and under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.errors import UnreadableError
from retrieval.reading.corpus import Corpus, Refusal, walk
from retrieval.reading.document import Document
from retrieval.reading.files import sidecar

if TYPE_CHECKING:
    from pathlib import Path

BODY = "Hội nghị đánh giá kết quả công tác đối ngoại quốc phòng và thống nhất nhiệm vụ.\n"


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(BODY)


def sources(corpus: Corpus) -> list[str]:
    return [item.source for item in corpus]


def test_folder_is_read_in_sorted_order(tmp_path: Path) -> None:
    """Files come in the order of their paths; hidden files, hidden folders and sidecars do not come."""
    write(tmp_path, "b.txt", "a/z.md", "a.txt", ".hidden.txt", ".git/x.txt")
    (tmp_path / "a.meta.toml").write_text('author = "A"\n')

    found = sources(walk([tmp_path]))

    assert found == ["a.txt", "a/z.md", "b.txt"]


def test_a_folder_called_like_an_archive_is_refused(tmp_path: Path) -> None:
    """Which collection its documents belong to could not be told from their paths."""
    write(tmp_path, "mat.ZIP/b.txt", "a.txt")

    refusal, document = walk([tmp_path])

    assert isinstance(refusal, Refusal)
    assert (refusal.source, document.source) == ("mat.ZIP", "a.txt")
    assert "is an archive's, this is a folder: rename it" in refusal.reason


def test_one_file_is_named_by_itself(tmp_path: Path) -> None:
    """The root of one file is its folder."""
    write(tmp_path, "a/b.txt", "a/c.txt")

    found = sources(walk([tmp_path / "a" / "b.txt"]))

    assert found == ["b.txt"]


def test_several_paths_are_named_from_their_common_parent(tmp_path: Path) -> None:
    """Sources stay apart when two folders hold files of one name, and nothing is read twice."""
    write(tmp_path, "a/x.txt", "b/x.txt", "b/c/y.txt")

    found = sources(walk([tmp_path / "b", tmp_path / "a", tmp_path / "b" / "c", tmp_path / "b" / "x.txt"]))

    assert found == ["a/x.txt", "b/c/y.txt", "b/x.txt"]


def test_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    """A refusal has the file's name and a reason, and the next file is read."""
    write(tmp_path, "b.txt")
    (tmp_path / "a.exe").write_bytes(b"MZ")

    found = list(walk([tmp_path]))

    assert [(Refusal, "a.exe"), (Document, "b.txt")] == [(type(item), item.source) for item in found]


def test_links(tmp_path: Path) -> None:
    """A link that leads outside is not followed, and one that leads inside adds no second copy."""
    write(tmp_path, "inside/a.txt", "outside/b.txt")
    (tmp_path / "inside" / "b.txt").symlink_to(tmp_path / "outside" / "b.txt")
    (tmp_path / "inside" / "again.txt").symlink_to(tmp_path / "inside" / "a.txt")
    (tmp_path / "inside" / "loop").symlink_to(tmp_path / "inside")

    found = sources(walk([tmp_path / "inside"]))

    assert found == ["a.txt"]


def test_a_link_does_not_carry_a_document_into_another_collection(tmp_path: Path) -> None:
    """Nor to what the corpus passes over: hidden files and sidecars."""
    write(tmp_path, "mat/luong.txt", "mat/.nhap.txt", "mat/b.txt", "cong-khai/a.txt")
    (tmp_path / "mat" / "luong.txt.meta.toml").write_text('title = "Lương"', encoding="utf-8")
    for number, target in enumerate(("luong.txt", ".nhap.txt", "luong.txt.meta.toml")):
        (tmp_path / "cong-khai" / f"{number}.txt").symlink_to(tmp_path / "mat" / target)

    found = sources(walk([tmp_path]))

    assert found == ["cong-khai/a.txt", "mat/b.txt", "mat/luong.txt"]


def test_a_sidecar_is_the_file_that_was_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to a file outside that takes its place meanwhile is not followed, and its document is refused."""
    (tmp_path / "secret").write_text('title = "Bí mật"')
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Thư viện mở cửa lúc bảy giờ mỗi ngày.")
    beside = corpus / "a.txt.meta.toml"
    beside.write_text('title = "Thư viện"')
    read = sidecar.read_regular_file

    def swap(*arguments: object, **options: object) -> bytes:
        beside.unlink()
        beside.symlink_to(tmp_path / "secret")
        return read(*arguments, **options)

    monkeypatch.setattr(sidecar, "read_regular_file", swap)

    (entry,) = walk([corpus])

    assert isinstance(entry, Refusal)
    assert entry.kind == "SidecarError"


@pytest.mark.parametrize("replaced", ["a.txt", "folder"])
def test_what_is_read_is_the_file_that_was_listed(tmp_path: Path, replaced: str) -> None:
    """Replaced by a link between listing and reading, it is refused: hours may lie between."""
    corpus = tmp_path / "corpus"
    write(corpus, "a.txt", "folder/a.txt")
    write(tmp_path, "secret/a.txt")
    listed = walk([corpus])
    (corpus / replaced).rename(tmp_path / "gone")
    target = tmp_path / "secret"
    (corpus / replaced).symlink_to(target / "a.txt" if replaced == "a.txt" else target)

    entries = {entry.source: type(entry) for entry in listed}

    assert [source for source, kind in entries.items() if kind is Refusal] == [
        "a.txt" if replaced == "a.txt" else "folder/a.txt"
    ]


def test_missing_path(tmp_path: Path) -> None:
    """A path that does not exist is an error at once, and names the path."""
    with pytest.raises(UnreadableError) as raised:
        walk([tmp_path / "gone"])

    assert "gone" in str(raised.value)


def test_no_path() -> None:
    """A corpus of nothing is an error."""
    with pytest.raises(UnreadableError):
        walk([])
