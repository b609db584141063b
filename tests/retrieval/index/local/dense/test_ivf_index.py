"""Windows in cells against brute force, on a few thousand vectors with the limit of exact search lowered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.storage.row_filter import RowFilter
from retrieval.index.scoring.search_plan import SearchPlan

pytestmark = pytest.mark.slow

PASSAGES, EACH, DIM = 3000, 2, 64
TWINS = (10, 2990)  # the same paragraph in two documents
OWNERS = np.repeat(np.arange(PASSAGES, dtype=np.int32), EACH)


def near(centres: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Unit rows, each about one of the centres."""
    moved = centres + 0.3 * np.random.default_rng(seed).standard_normal(centres.shape, dtype=np.float32) / DIM**0.5
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def corpus() -> NDArray[np.float32]:
    """Two windows for each passage, in 50 topics."""
    rng = np.random.default_rng(3)
    topics = rng.standard_normal((50, DIM), dtype=np.float32)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    vectors = near(topics[np.repeat(rng.integers(0, 50, PASSAGES), EACH)], 4)
    vectors[TWINS[1] == OWNERS] = vectors[TWINS[0] == OWNERS]
    return vectors


VECTORS = corpus()
QUESTIONS = near(VECTORS[5 : 5 + 40 * 7 : 7], 6)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SearchPlan]:
    """The folder and the plan."""
    folder = tmp_path_factory.mktemp("cells")
    return folder, DenseChannel.write(folder, VECTORS, OWNERS, questions=lambda: QUESTIONS, exact_to=1000, recall=0.95)


@pytest.fixture(scope="module")
def channel(written: tuple[Path, SearchPlan]) -> DenseChannel:
    """The channel opened again."""
    return DenseChannel.open(*written)


def best_by_hand(question: NDArray[np.float32], held: NDArray[np.bool_], k: int) -> list[int]:
    """The k best passages that are held, by brute force in float64."""
    cosines = (VECTORS.astype(np.float64) @ question).reshape(PASSAGES, EACH).max(axis=1)
    return [int(row) for row in np.argsort(-cosines) if held[row]][:k]


def recall(channel: DenseChannel, held: NDArray[np.bool_] | None = None) -> float:
    """The mean share of the ten best passages among the ten best that are found."""
    shares = []
    for question in QUESTIONS:
        found = channel.search(question[None], 10, None if held is None else RowFilter(held))
        best = sorted(found, key=lambda row: -found[row])[:10]
        right = best_by_hand(question, np.ones(PASSAGES, bool) if held is None else held, 10)
        shares.append(len(set(best) & set(right)) / len(right))
    return float(np.mean(shares))


def test_the_plan_keeps_its_promise(written: tuple[Path, SearchPlan], channel: DenseChannel) -> None:
    """Cells were chosen, not all of them are opened, and brute force agrees with the recall that the plan states."""
    _, plan = written

    assert 0 < plan.probes < plan.cells
    assert plan.recall >= 0.95
    assert recall(channel) >= 0.95


def test_what_no_cells_can_find_is_searched_exactly(tmp_path: Path) -> None:
    """A recall that cannot be reached leaves exact search, in float16, and the plan says what was tried."""
    plan = DenseChannel.write(tmp_path, VECTORS, OWNERS, exact_to=1000, recall=1.01)

    assert (plan.cells, plan.precision) == (0, "float16")
    assert 0 < plan.recall <= 1
    assert "exactly; by cells recall@10 was" in str(plan)
    assert recall(DenseChannel.open(tmp_path, plan)) == 1.0
    assert not (tmp_path / "windows-full.npy").exists()


def test_scores_are_those_of_float32(channel: DenseChannel) -> None:
    """Whatever the codes say, found and scored windows carry the cosine of the full vectors, to 1e-3."""
    question = QUESTIONS[0]
    cosines = (VECTORS.astype(np.float64) @ question).reshape(PASSAGES, EACH)

    found = channel.search(question[None], 20)
    scores = channel.score(question[None], list(found))

    assert found == pytest.approx({row: cosines[row].max() for row in found}, abs=1e-3)
    assert scores == [pytest.approx(tuple(cosines[row]), abs=1e-3) for row in found]


@pytest.mark.parametrize("share", [0.001, 0.02, 0.9])
def test_a_restriction_holds_and_finds(channel: DenseChannel, share: float) -> None:
    """Of a few passages, of a part and of nearly all: nothing else is found, and the ten best of them are."""
    held = np.random.default_rng(8).random(PASSAGES) < share

    found = channel.search(QUESTIONS[0][None], 10, RowFilter(held))

    assert held[list(found)].all()
    assert len(found) >= min(10, held.sum())
    assert recall(channel, held) >= 0.95


def test_none_held_is_none_found(channel: DenseChannel) -> None:
    """One who may see nothing gets nothing, and no error."""
    assert channel.search(QUESTIONS[:1], 10, RowFilter(np.zeros(PASSAGES, bool))) == {}


def test_all_are_found_who_asks_for_all(channel: DenseChannel) -> None:
    """More cells are opened when those that the plan names hold too few."""
    assert len(channel.search(QUESTIONS[:1], PASSAGES)) == PASSAGES


def test_equal_passages_score_equally(channel: DenseChannel) -> None:
    """The same paragraph in two documents has the same scores to the last bit, wherever it stands."""
    rows = [3, TWINS[0], 500, 1000, TWINS[1]]

    scores = channel.score(QUESTIONS, rows)
    found = channel.search(VECTORS[TWINS[0] == OWNERS][:1], 10)

    assert scores[1] == scores[4]
    assert found[TWINS[0]] == found[TWINS[1]]


def test_equal_vectors_give_equal_files(written: tuple[Path, SearchPlan], tmp_path: Path) -> None:
    """Training and sampling are seeded: a build can be repeated byte for byte."""
    folder, plan = written

    again = DenseChannel.write(tmp_path, VECTORS, OWNERS, questions=lambda: QUESTIONS, exact_to=1000, recall=0.95)

    assert again == plan
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


@pytest.mark.parametrize("name", ["dense.faiss", "windows.npy", "windows-full.npy"])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_damaged_file_is_named(written: tuple[Path, SearchPlan], tmp_path: Path, name: str, share: float) -> None:
    """A file cut off anywhere is an error of ours, with the remedy, though the files are mapped and not read."""
    folder, plan = written
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(DamagedIndex, match="--rebuild"):
        DenseChannel.open(tmp_path, plan)


def test_files_of_two_builds_are_no_index(written: tuple[Path, SearchPlan], tmp_path: Path) -> None:
    """Codes, vectors and owners must be as many as each other."""
    folder, plan = written
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    np.save(tmp_path / "windows-full.npy", VECTORS[:-1].astype(np.float16))

    with pytest.raises(DamagedIndex, match="belongs to a vector"):
        DenseChannel.open(tmp_path, plan)


def test_a_plan_says_what_it_does(written: tuple[Path, SearchPlan]) -> None:
    """One line, with the numbers in it."""
    plan = replace(written[1], cells=77, probes=10, compared=1000, recall=0.991, sample=240)

    assert str(plan) == "windows in float16 by 10 of 77 cells, 1000 compared, recall@10 0.991 on 240 samples"
    assert str(SearchPlan("float32")) == "windows in float32 searched exactly"
