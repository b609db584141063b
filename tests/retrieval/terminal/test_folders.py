"""Which documents `trichdan index` without a path is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex
from retrieval.index.local.generations import generation
from retrieval.index.manifest import FORMAT
from retrieval.index.opening import open_place
from retrieval.terminal.commands.index import paths_to_index


@pytest.fixture
def index(indexed: Callable[..., Path]) -> Path:
    """An index of one document."""
    return indexed(a="Báo cáo\n\nĐơn vị có 70 người.")


def corpus_of(index: Path) -> Path:
    root = open_place(index).manifest().root
    assert root
    return (index / root).resolve()


def test_the_seeds_are_for_those_who_have_no_index(tmp_path: Path) -> None:
    """And a named path is taken as it is."""
    assert paths_to_index([], open_place(tmp_path / "none")) == [Path("seeds")]
    assert paths_to_index([Path("a"), Path("b")], open_place(tmp_path / "none")) == [Path("a"), Path("b")]


def test_an_index_is_brought_up_to_date_from_its_own_folder(index: Path) -> None:
    """`trichdan index --rebuild`, as every error advises, must not put the seeds into an organisation's index."""
    assert [folder.resolve() for folder in paths_to_index([], open_place(index))] == [corpus_of(index)]
    assert paths_to_index([Path("b")], open_place(index)) == [Path("b")]


def test_an_index_of_another_version_says_it_too(index: Path) -> None:
    """That is when the advice is given most."""
    corpus, manifest = corpus_of(index), generation.live_folder(index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 1'))

    assert [folder.resolve() for folder in paths_to_index([], open_place(index))] == [corpus]


def test_an_index_that_does_not_say_is_told_the_folder(index: Path) -> None:
    """A damaged manifest: one sentence with the remedy, nothing indexed."""
    (generation.live_folder(index) / "manifest.json").write_text("{")

    with pytest.raises(DamagedIndex, match="name it, `trichdan index FOLDER --rebuild`"):
        paths_to_index([], open_place(index))
