"""Generations: kept, gone back to, gone on from, and left alone while anybody reads them."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from retrieval.errors import BuildInProgress, DamagedIndex, MissingIndex, NoEarlierGeneration
from retrieval.index.local.generations import generation
from retrieval.index.local.generations.history import generations, roll_back
from retrieval.index.local.generations.settings_file import read_settings, write_settings
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.settings import Settings
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


class Series:
    """Generations of one document whose number of people grows."""

    def __init__(self, corpus: Path, index: Path) -> None:
        self.corpus = corpus
        self.index = index

    def build(self, people: int) -> Path:
        """One more generation."""
        (self.corpus / "a.txt").write_text(f"Báo cáo\n\nĐơn vị có {people} người.", encoding="utf-8")
        return self.index / "generations" / build_index(self.corpus, self.index, BagEncoder()).generation

    def names(self) -> set[Path]:
        """All that are there."""
        return set((self.index / "generations").iterdir())

    def text(self) -> str:
        """What the live one holds."""
        return LocalIndex.open(generation.live_folder(self.index)).passage("a.txt#1").text


@pytest.fixture
def series(folder: Path, tmp_path: Path) -> Series:
    """None yet."""
    return Series(folder, tmp_path / "index")


def test_three_are_kept(series: Series) -> None:
    """The live one and two before it, newest first, where nothing else was said."""
    built = [series.build(people) for people in (10, 20, 30, 40)]

    assert generations(series.index) == built[:0:-1]
    assert series.names() == set(built[1:])


def test_as_many_are_kept_as_was_said(series: Series) -> None:
    """And every later build keeps to it."""
    series.build(10)
    write_settings(series.index, Settings(keep=1))

    last = [series.build(people) for people in (20, 30)][-1]

    assert series.names() == {last}


def test_going_back_and_on(series: Series) -> None:
    """
    Back is what was live before; a build from there goes on from there, and what was left behind is cleared. Going back
    again does not lead to what was left behind.
    """
    first, second, third = (series.build(people) for people in (10, 20, 30))

    back = roll_back(series.index)
    after = series.text()
    fourth = series.build(40)

    assert (back, after) == (second, "Đơn vị có 20 người.")
    assert generations(series.index) == [fourth, second, first]
    assert third not in series.names()
    assert roll_back(series.index) == second


def test_nothing_to_go_back_to_is_said(series: Series) -> None:
    """No index, or one generation: a sentence for each, and nothing has changed."""
    with pytest.raises(MissingIndex):
        roll_back(series.index)
    only = series.build(10)

    with pytest.raises(NoEarlierGeneration, match=f"none before {only.name}"):
        roll_back(series.index)

    assert generations(series.index) == [only]


def test_a_damaged_generation_is_not_gone_back_to(series: Series) -> None:
    """The live one stays live."""
    first, second = series.build(10), series.build(20)
    (first / "store.sqlite").write_bytes(b"")

    with pytest.raises(DamagedIndex, match="differs from its checksum"):
        roll_back(series.index)

    assert generation.live_folder(series.index) == second


def test_one_goes_back_from_a_live_one_whose_manifest_is_damaged(series: Series) -> None:
    """Which was before it cannot be read there; its time of building tells."""
    first, second = series.build(10), series.build(20)
    (second / "manifest.json").write_bytes(b"")

    assert roll_back(series.index) == first


def test_nobody_goes_back_during_a_build(series: Series) -> None:
    """The pointer has one master at a time."""
    series.build(10)
    series.build(20)

    with generation.build_lock(series.index), pytest.raises(BuildInProgress):
        roll_back(series.index)


@pytest.mark.parametrize("name", ["dense.faiss", "manifest.json"])
def test_a_damaged_live_generation_cuts_no_line(series: Series, name: str) -> None:
    """The build that repairs it goes on from the one before, which is kept."""
    first, second = series.build(10), series.build(20)
    (second / name).write_bytes(b"")

    third = series.build(20)

    assert generations(series.index) == [third, first]


def test_what_is_read_stays(series: Series) -> None:
    """However many builds pass, a generation that a reader holds is whole; the first build after that clears it."""
    write_settings(series.index, Settings(keep=1))
    held = series.build(10)
    reader = LocalIndex.open(held).restrict(frozenset({""}))

    for people in (20, 30):
        series.build(people)
    whole = generation.verify(held, generation.read_manifest(held))
    del reader
    gc.collect()
    last = series.build(40)

    assert whole is None
    assert series.names() == {last}


def test_a_retriever_moves_on_and_lets_go(series: Series) -> None:
    """It holds the generation that it answers from, and no other."""
    write_settings(series.index, Settings(keep=1))
    retriever = Retriever(series.index, BagEncoder())
    series.build(10)
    retriever.collections()

    second = series.build(20)
    both = len(series.names())
    text = retriever.passage("a.txt#1").text
    third = series.build(30)

    assert (both, text) == (2, "Đơn vị có 20 người.")
    assert series.names() == {second, third}


@pytest.mark.parametrize("text", ["", "[]", '{"keep": 0}', '{"keep": "many"}', '{"smoke": 1}', '{"frob": 1}'])
def test_settings_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    """With what they should be, rather than passed over: they say what must be kept and asked."""
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")

    with pytest.raises(DamagedIndex, match="correct or remove it"):
        read_settings(tmp_path)


def test_an_index_that_is_a_file_is_not_the_settings_fault(tmp_path: Path) -> None:
    """The build says what an index is; nobody is told to correct settings in a place that can have none."""
    (tmp_path / "file").touch()

    assert read_settings(tmp_path / "file") == Settings()
