"""The dense channel against brute force."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.flat_index import FlatIndex, float32_of


def unit(rows: int, dim: int = 16, seed: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((rows, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def owners() -> NDArray[np.int32]:
    """Forty passages of one to nine windows."""
    return np.repeat(np.arange(40, dtype=np.int32), np.random.default_rng(7).integers(1, 10, 40))


@pytest.fixture
def channel(tmp_path: Path, owners: NDArray[np.int32]) -> DenseChannel:
    """A channel written to disk and opened again."""
    DenseChannel.write(tmp_path, unit(len(owners)), owners)
    return DenseChannel.open(tmp_path)


def test_search_gives_each_passage_its_best_window(channel: DenseChannel, owners: NDArray[np.int32]) -> None:
    """Scores equal the largest inner product over the passage's windows, computed by hand."""
    query = unit(1, seed=2)
    cosines = unit(len(owners)) @ query[0]

    found = channel.search(query, 5)

    expected = {row: cosines[owners == row].max() for row in found}
    assert found == pytest.approx(expected, abs=1e-6)


def test_search_finds_the_best_passages(channel: DenseChannel, owners: NDArray[np.int32]) -> None:
    """The five best passages by brute force, and no others, however many windows crowd the front."""
    query = unit(1, seed=3)
    cosines = unit(len(owners)) @ query[0]
    best = sorted(range(40), key=lambda row: -cosines[owners == row].max())[:5]

    found = channel.search(query, 5)

    assert list(found) == best


def test_more_than_there_is_gives_all_there_is(channel: DenseChannel) -> None:
    """Asking for too many never yields FAISS's -1 for a missing neighbour."""
    found = channel.search(unit(1, seed=4), 1000)

    assert sorted(found) == list(range(40))


def test_two_readings_count_by_the_better(channel: DenseChannel, owners: NDArray[np.int32]) -> None:
    """With two query vectors each window's score is the larger one."""
    queries = unit(2, seed=5)
    cosines = (unit(len(owners)) @ queries.T).max(axis=1)

    scores = channel.score(queries, [0, 7])

    assert scores[1] == pytest.approx(tuple(cosines[owners == 7]), abs=1e-6)


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_equal_windows_score_equally(tmp_path: Path, precision: Literal["float32", "float16"]) -> None:
    """One vector at every place among others has the same cosine to the last bit, whatever is asked beside it."""
    one, others, queries = unit(1, dim=384), unit(41, dim=384, seed=8), unit(3, dim=384, seed=9)
    FlatIndex.write(tmp_path, np.concatenate([one, *(np.stack([other, one[0]]) for other in others)]), precision)
    windows = FlatIndex.open(tmp_path)

    cosines = windows.cosines(queries, np.arange(len(windows)))

    assert cosines == pytest.approx(np.concatenate([one, *([o, one[0]] for o in others)]) @ queries.T, abs=1e-3)
    assert (cosines[::2] == cosines[0]).all()
    assert (windows.cosines(queries[1:2], np.array([4])) == cosines[0, 1]).all()


@given(st.lists(st.floats(width=16, allow_nan=False, allow_infinity=False), min_size=1))
def test_halves_become_the_same_numbers(numbers: list[float]) -> None:
    """Every number that float16 has, the smallest ones too, to the bit as NumPy gives it."""
    halves = np.array(numbers, np.float16)

    assert float32_of(halves).tobytes() == halves.astype(np.float32).tobytes()


@pytest.mark.parametrize("name", ["dense.faiss", "windows.npy"])
def test_a_damaged_file_is_named(tmp_path: Path, channel: DenseChannel, name: str) -> None:
    """Half a file is an error of ours, with the remedy, not one of FAISS or NumPy."""
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:20])

    with pytest.raises(DamagedIndex, match="--rebuild"):
        DenseChannel.open(tmp_path)
