"""The TimeLeft: nothing without a basis, exact at an even pace, and following a pace that changes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.terminal.time_left import TimeLeft, in_words


@dataclass
class Clock:
    """Seconds that pass when told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def after(left: TimeLeft, clock: Clock, reports: int, *, seconds: float, units: int) -> float | None:
    """What is left after so many reports, each of so many units in so many seconds."""
    for _ in range(reports):
        clock.now += seconds
        left.advance(units)
    return left.seconds


def test_nothing_is_said_without_a_basis() -> None:
    """Not before the first report, nor from one, whatever came before it, nor within the first seconds."""
    clock = Clock()
    left = TimeLeft(1000, clock)

    said = [left.seconds, after(left, clock, 1, seconds=40, units=10), after(left, clock, 4, seconds=1, units=10)]

    assert said == [None, None, None]
    assert after(left, clock, 1, seconds=1, units=10) is not None


@given(st.integers(10, 500), st.floats(0.5, 30), st.integers(1, 50))
def test_an_even_pace_is_told_exactly(reports: int, seconds: float, units: int) -> None:
    """So much is left as the rest takes at that pace; loading a model at first does not count."""
    clock = Clock(100.0)
    left = TimeLeft(units * (reports + 7), clock)

    after(left, clock, 1, seconds=60, units=units)
    told = after(left, clock, reports - 1, seconds=seconds, units=units)

    if told is not None:
        assert told == pytest.approx(7 * seconds)
    assert (told is None) == ((reports - 1) * seconds < 5)


def test_a_busier_machine_is_noticed_within_a_minute() -> None:
    """Ten minutes of a quick pace do not hide that it has become four times as slow."""
    clock = Clock()
    left = TimeLeft(100_000, clock)
    after(left, clock, 600, seconds=1, units=100)

    told = after(left, clock, 16, seconds=4, units=100)

    assert told == pytest.approx((100_000 - 61_600) / 25)


def test_time_runs_on_between_reports() -> None:
    """A long batch is not silence: what was left then is less by now, and never less than nothing."""
    clock = Clock()
    left = TimeLeft(200, clock)
    after(left, clock, 11, seconds=1, units=10)

    clock.now += 4
    soon = left.seconds
    clock.now += 400

    assert soon == pytest.approx(9 - 4)
    assert left.seconds == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (20, "under a minute left"),
        (61, "1 min left"),
        (3540, "59 min left"),
        (3600, "1 h 00 min left"),
        (7800, "2 h 10 min left"),
    ],
)
def test_words(seconds: float | None, words: str) -> None:
    """No seconds, which nobody knows."""
    assert in_words(seconds) == words
