"""The Rows that a search may find: the dense channel filtered inside against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.storage.row_filter import RowFilter
from tests.retrieval.index.local.dense.test_channel import unit

pytestmark = pytest.mark.slow

PASSAGES = 60
HELD = st.lists(st.booleans(), min_size=PASSAGES, max_size=PASSAGES).map(lambda held: RowFilter(np.array(held)))
OWNERS = np.repeat(np.arange(PASSAGES, dtype=np.int32), np.random.default_rng(7).integers(1, 6, PASSAGES))


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> DenseChannel:
    """Sixty passages of one to five windows."""
    folder = tmp_path_factory.mktemp("dense")
    DenseChannel.write(folder, unit(len(OWNERS)), OWNERS)
    return DenseChannel.open(folder)


@given(HELD)
def test_runs_are_the_rows(rows: RowFilter) -> None:
    """Every row that is held is in exactly one run, runs do not touch, and no other row is in any."""
    covered = [row for first, last in rows.runs for row in range(first, last + 1)]

    assert covered == np.flatnonzero(rows.mask).tolist()
    assert all(end + 1 < start for (_, end), (start, _) in zip(rows.runs, rows.runs[1:], strict=False))


@given(HELD, st.integers(1, PASSAGES))
def test_the_dense_channel_looks_at_these_rows_alone(dense: DenseChannel, rows: RowFilter, k: int) -> None:
    """The k best of them by brute force are found, with their cosines, and nothing else."""
    query = unit(1, seed=2)
    cosines = unit(len(OWNERS)) @ query[0]
    best = {int(row): float(cosines[row == OWNERS].max()) for row in np.flatnonzero(rows.mask)}
    wanted = sorted(best, key=lambda row: -best[row])[:k]

    found = dense.search(query, k, rows)

    assert set(found) == set(wanted)
    assert found == pytest.approx({row: best[row] for row in found}, abs=1e-6)
