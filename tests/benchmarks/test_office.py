"""What the benchmark of old office files counts as right."""

from __future__ import annotations

import pytest

from tests.benchmarks.office import score


@pytest.mark.parametrize(
    ("read", "marked", "produced", "syllables"),
    [
        ("Công nghệ mới, số 5", 1.0, 1.0, 1.0),
        ("cÔNG\nnghệ mới. Số 5", 1.0, 1.0, 1.0),
        ("Cơng nghệ mới, số 5", 0.75, 0.75, 0.75),
        ("Công nghệ", 0.5, 1.0, 0.5),
        ("Công nghệ mới, số 5. Phụ lục", 1.0, 0.6667, 1.0),
        ("Công nghệmới, số 5", 1.0, 1.0, 0.5),
    ],
    ids=["all", "case and punctuation", "a letter", "half of it", "more", "words run together"],
)
def test_shares(read: str, marked: float, produced: float, syllables: float) -> None:
    """Of four letters with marks, ô, ệ, ớ and ố, and of four words."""
    found = score(read, "Công nghệ mới, số 5")

    assert (found.marked, round(found.produced, 4), found.syllables) == (marked, produced, syllables)
