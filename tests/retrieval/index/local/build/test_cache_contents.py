"""The vectors of several models in one cache: counted, kept as long as a generation needs them, and cleaned."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import BuildInProgress, DamagedIndex, MissingIndex
from retrieval.index.local.build.encoded_generation import cache_contents, clean_cache
from retrieval.index.local.generations.generation import build_lock
from retrieval.index.local.generations.settings_file import write_settings
from retrieval.index.settings import Settings
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

TEXT = "Báo cáo\n\nĐơn vị có {} người.\n\n" + "Đơn vị đóng quân ở nhiều nơi, mỗi nơi có một nhiệm vụ riêng. " * 20


@pytest.fixture
def index(tmp_path: Path, folder: Path) -> Path:
    """An index whose live generation has another model than the one before."""
    (folder / "a.txt").write_text(TEXT.format(1), encoding="utf-8")
    for name in ("bag/1", "bag/2"):
        build_index(folder, tmp_path / "index", BagEncoder(name), model=name)
    return tmp_path / "index"


def bytes_of(index: Path) -> int:
    """All bytes of vectors in the cache."""
    with sqlite3.connect(index / "embeddings.sqlite") as db:
        sums = [
            db.execute(f"SELECT sum(length({blob})) FROM {table}").fetchone()[0]  # noqa: S608
            for table, blob in (("vectors", "vector"), ("tokens", "codes"))
        ]
    db.close()
    return sum(sums)


def test_each_model_has_its_own_vectors(index: Path) -> None:
    """The same texts take the same room in both, and nothing is shared or left over."""
    contents = cache_contents(index)

    assert contents.models == {"bag/2": bytes_of(index) // 2, "bag/1": bytes_of(index) // 2}
    assert contents.unneeded == 0


def test_a_build_of_another_model_throws_nothing_away(index: Path, folder: Path) -> None:
    """Whoever goes back to a model pays for nothing again."""
    first = BagEncoder("bag/1")

    build_index(folder, index, first, model="bag/1")

    assert first.encoded == 0


def test_what_no_generation_needs_is_removed(index: Path, folder: Path) -> None:
    """A model that was only tried, and texts that are gone; what is live is not computed again."""
    (folder / "b.txt").write_text(TEXT.format(2), encoding="utf-8")
    with pytest.raises(RuntimeError):
        build_index(folder, index, BagEncoder("bag/3"), model="bag/3", admit=refuse)
    (folder / "b.txt").unlink()
    before, unneeded = bytes_of(index), cache_contents(index).unneeded
    kept = BagEncoder("bag/2")

    freed = clean_cache(index)
    build_index(folder, index, kept, rebuild=True)

    assert freed == unneeded == before - bytes_of(index) > 0
    assert kept.encoded == 0


def refuse(_: str) -> None:
    raise RuntimeError


def test_a_build_is_not_disturbed(index: Path) -> None:
    """What it has just computed is of no generation yet."""
    with build_lock(index), pytest.raises(BuildInProgress):
        clean_cache(index)


def test_no_index_is_made(tmp_path: Path) -> None:
    """Of a folder without one."""
    with pytest.raises(MissingIndex):
        clean_cache(tmp_path / "none")

    assert not (tmp_path / "none").exists()


def test_a_damaged_cache_is_said(index: Path) -> None:
    """With the file to remove."""
    for file in index.glob("embeddings.sqlite*"):
        file.write_bytes(b"rubbish" * 1000)

    with pytest.raises(DamagedIndex, match=r"embeddings\.sqlite keeps computed vectors.*remove it"):
        cache_contents(index)


def test_a_removed_cache_holds_nothing(index: Path) -> None:
    """And can be used again."""
    for file in index.glob("embeddings.sqlite*"):
        file.unlink()

    assert cache_contents(index).models == {"bag/1": 0, "bag/2": 0}


def keys_of(index: Path) -> set[bytes]:
    """The keys of all vectors and token vectors in the cache."""
    with closing(sqlite3.connect(index / "embeddings.sqlite")) as db:
        return {key for table in ("vectors", "tokens") for (key,) in db.execute(f"SELECT key FROM {table}")}  # noqa: S608


def test_vectors_of_withdrawn_text_go_with_the_last_generation_that_holds_it(tmp_path: Path, folder: Path) -> None:
    """Not before, since a rollback may bring it back; no byte of them is left in the file or its log."""
    place = tmp_path / "index"
    (folder / "a.txt").write_text(TEXT.format(1), encoding="utf-8")
    build_index(folder, place, BagEncoder())
    only_a = keys_of(place)
    (folder / "b.txt").write_text(TEXT.format(2).replace("Đơn vị", "Cơ quan"), encoding="utf-8")
    write_settings(place, Settings(keep=2))
    build_index(folder, place, BagEncoder())
    with_b = keys_of(place)
    (folder / "b.txt").unlink()
    build_index(folder, place, BagEncoder())
    while_kept = keys_of(place)
    (folder / "c.txt").write_text("Thông báo\n\nNghỉ lễ từ ngày 30/4.", encoding="utf-8")

    build_index(folder, place, BagEncoder())

    assert only_a < with_b == while_kept
    gone = with_b - only_a
    left = b"".join(path.read_bytes() for path in place.glob("embeddings.sqlite*"))
    assert not any(key in left for key in gone)
    assert only_a < keys_of(place)


def test_a_paragraph_that_stands_elsewhere_keeps_its_vectors(tmp_path: Path, folder: Path) -> None:
    """A file was moved, and one changed at its end: nothing is encoded again when the index is rebuilt."""
    place, text = tmp_path / "index", TEXT.format(1)
    (folder / "a.txt").write_text(text, encoding="utf-8")
    (folder / "b.txt").write_text(f"Kế hoạch\n\n{text}", encoding="utf-8")
    build_index(folder, place, BagEncoder())
    write_settings(place, Settings(keep=1))
    (folder / "a.txt").rename(folder / "z.txt")
    (folder / "b.txt").write_text(f"Kế hoạch\n\n{text}Thêm một câu ở cuối đoạn.", encoding="utf-8")
    build_index(folder, place, BagEncoder())
    again = BagEncoder()

    build_index(folder, place, again, rebuild=True)

    assert again.encoded == 0
