"""An index changes to another folder only when it is told to, since the folder decides who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import OtherRoot
from retrieval.index.opening import open_place
from retrieval.reading.collection import collection_of
from retrieval.retriever import Retriever
from retrieval.terminal.commands.admission import ModelRequest
from retrieval.terminal.commands.index import run_index
from tests.support.encoders import BagEncoder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with a closed collection."""
    folder = tmp_path / "corpus"
    for name in ("quy-che/a.txt", "mat/luong.txt"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(f"{name}\n\nLương là 90 triệu đồng mỗi tháng.\n", encoding="utf-8")
    return folder


def run(corpus: Path, index: Path, **more: bool) -> None:
    """`trichdan index`, with the tiny encoder."""
    run_index([corpus], open_place(index), ModelRequest(), rebuild=False, load=lambda _: BagEncoder(), **more)


def collections(index: Path) -> set[str]:
    """The collections of the live generation."""
    return {collection_of(document.doc_id) for document in Retriever(index, BagEncoder()).documents()}


def test_indexing_a_subfolder_does_not_open_it(corpus: Path, tmp_path: Path) -> None:
    """The closed folder's documents would be the root's, which staff may see."""
    run(corpus, tmp_path / "index")

    with pytest.raises(
        OtherRoot, match=r"is to be built from .*/mat: name the former, .* or confirm with --other-root"
    ):
        run(corpus / "mat", tmp_path / "index")

    assert collections(tmp_path / "index") == {"quy-che", "mat"}


def test_it_changes_when_it_is_told_to(corpus: Path, tmp_path: Path) -> None:
    """And keeps the new folder from then on."""
    run(corpus, tmp_path / "index")

    run(corpus / "mat", tmp_path / "index", other_root=True)

    run(corpus / "mat", tmp_path / "index")
    assert collections(tmp_path / "index") == {""}


def test_the_same_folder_by_another_name_is_the_same(corpus: Path, tmp_path: Path) -> None:
    """A link to it, or index and folder moved together."""
    run(corpus, tmp_path / "index")
    (tmp_path / "link").symlink_to(corpus)

    run(tmp_path / "link", tmp_path / "index")

    assert collections(tmp_path / "index") == {"quy-che", "mat"}
