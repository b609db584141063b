"""Second presses: within three seconds of the first being carried out, of the same button below the same message."""

from __future__ import annotations

import pytest

from bot.transport.repeated_presses import RepeatedPresses

PRESS = (77, 1, "d:a:0:0")


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


@pytest.mark.parametrize(("seconds", "repeated"), [(0.0, True), (2.9, True), (3.0, False)])
def test_a_press_is_repeated_for_three_seconds(seconds, repeated):
    """Who wants the file again a little later gets it."""
    clock = Clock()
    presses = RepeatedPresses(now=clock)
    presses.record(PRESS)
    clock.time += seconds

    assert presses.is_repeated(PRESS) is repeated


@pytest.mark.parametrize("other", [(78, 1, "d:a:0:0"), (77, 2, "d:a:0:0"), (77, 1, "d:a:1:0")])
def test_another_press_is_none(other):
    """In another chat, below another message, of another button."""
    presses = RepeatedPresses(now=Clock())
    presses.record(PRESS)

    assert not presses.is_repeated(other)


def test_old_presses_are_dropped():
    """However long the bot runs, it remembers some thousand at most."""
    clock = Clock()
    presses = RepeatedPresses(now=clock)
    for number in range(5_000):
        presses.record((77, number, ""))
        clock.time += 1

    assert len(presses._done) <= 1_000
