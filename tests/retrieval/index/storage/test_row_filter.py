"""The Rows that a search may find: each channel filtered inside against the same channel filtered by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.dense.channel import DenseChannel
from retrieval.index.lexical.channel import LexicalChannel, PassageTerms
from retrieval.index.lexical.field_query import FieldQuery
from retrieval.index.storage.row_filter import RowFilter
from tests.retrieval.index.dense.test_channel import unit

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


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalChannel:
    """Sixty passages, most of which hold one of the words, some both, some none."""
    folder = tmp_path_factory.mktemp("lexical")
    words = ("quân", "báo", "quân báo", "dân", "quân dân báo chí")
    LexicalChannel.write(folder, (PassageTerms.of(f"{words[i % 5]} {'xa ' * (i % 7)}", "") for i in range(PASSAGES)))
    return LexicalChannel.open(folder)


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


@given(HELD, st.integers(1, PASSAGES))
def test_the_lexical_channel_looks_at_these_rows_alone(lexical: LexicalChannel, rows: RowFilter, k: int) -> None:
    """As many as there are up to k, the best of them, with the scores that they have among all."""
    everywhere = lexical.search("folded", FieldQuery(("quan", "bao")), PASSAGES)
    left = {row: score for row, score in everywhere.items() if rows.mask[row]}

    found = lexical.search("folded", FieldQuery(("quan", "bao")), k, rows)

    assert found == pytest.approx({row: left[row] for row in found})
    assert sorted(found.values()) == pytest.approx(sorted(left.values())[-k:])


@given(HELD)
def test_a_word_is_known_where_it_may_be_seen(lexical: LexicalChannel, rows: RowFilter) -> None:
    """ "chi" stands in every fifth passage: one of those must be held."""
    assert lexical.holds("folded", "chi", rows) == bool(rows.mask[4::5].any())
    assert lexical.holds("folded", "chi")
    assert not lexical.holds("folded", "zzz", rows)


def test_a_common_word_is_known_wherever_it_is_seen(tmp_path: Path) -> None:
    """Of a word in 150 passages the shortest come first, and only the longest may be seen."""
    LexicalChannel.write(tmp_path, (PassageTerms.of(f"quân {'xa ' * i}", "") for i in range(150)))
    lexical = LexicalChannel.open(tmp_path)

    assert lexical.holds("folded", "quan", RowFilter(np.arange(150) == 149))
    assert not lexical.holds("folded", "xa", RowFilter(np.arange(150) == 0))
