"""An index is its owner's alone, also where it was made with more rights."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import IndexFault
from retrieval.index.local.generations.private_folder import check_private
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """The usual umask, with which everybody may read new files."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One document."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Lương\n\nLương là 90 triệu đồng mỗi tháng.\n", encoding="utf-8")
    return folder


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_index_is_its_owners_alone(corpus: Path, tmp_path: Path) -> None:
    """Nobody else gets into the folder, whatever lies in it."""
    build_index(corpus, tmp_path / "index", BagEncoder())

    assert rights(tmp_path / "index") == 0o700


def test_an_old_index_becomes_so_with_the_next_build(corpus: Path, tmp_path: Path) -> None:
    """Also when nothing has changed; until then the doctor's check names it."""
    build_index(corpus, tmp_path / "index", BagEncoder())
    (tmp_path / "index").chmod(0o755)
    with pytest.raises(IndexFault, match="run `chmod -R go= "):
        check_private(tmp_path / "index")

    build_index(corpus, tmp_path / "index", BagEncoder())

    assert rights(tmp_path / "index") == 0o700


def test_a_folder_with_other_things_keeps_its_rights(corpus: Path, tmp_path: Path) -> None:
    """An index in a home or in /srv closes its own entries, and nobody's else."""
    index = tmp_path / "srv"
    index.mkdir(mode=0o755)
    (index / "notes.txt").write_text("", encoding="utf-8")

    build_index(corpus, index, BagEncoder())

    build_index(corpus, index, BagEncoder())
    assert {path.name: rights(path) for path in index.iterdir()} == {
        "CURRENT": 0o600,
        "embeddings.sqlite": 0o600,
        "generations": 0o700,
        "lock": 0o600,
        "notes.txt": 0o644,
    }
    assert rights(index) == 0o755
