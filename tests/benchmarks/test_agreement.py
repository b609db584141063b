"""What the benchmark of formats counts as the same answer."""

from __future__ import annotations

import pytest

from tests.benchmarks.agreement import First


@pytest.mark.parametrize(
    ("plain", "mixed", "same"),
    [
        (First("Nghỉ lễ.", (), "found"), First("Nghỉ lễ.", (), "weak"), True),
        (First("Nghỉ lễ.", (), "found"), First("Hà Nội - Nghỉ lễ.", ("Nghỉ lễ.",), "found"), True),
        (First("Hà Nội - Nghỉ lễ.", ("Nghỉ lễ.",), "found"), First("Nghỉ lễ.", (), "found"), True),
        (First("Nghỉ lễ.", (), "found"), First("Hà Nội - Nghỉ lễ.", (), "found"), False),
        (First("", (), "none"), First("", (), "none"), False),
    ],
    ids=["the same words", "a copy here", "a copy there", "other words", "nothing twice"],
)
def test_the_same_to_a_person(plain: First, mixed: First, same: bool) -> None:
    """Words agree, or one of the two is shown as a copy of the other; nothing found agrees with nothing."""
    assert plain.shows_what(mixed) is same
