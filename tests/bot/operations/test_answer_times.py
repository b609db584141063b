"""How long answers took: percentiles by nearest rank, of the latest ones only."""

from __future__ import annotations

from bot.operations.answer_times import AnswerTimes
from tests.bot.conftest import Now


def measured(answer_times, now, seconds):
    """An answer that took so long."""
    begun = answer_times.start()
    now.time += seconds
    answer_times.record(begun)


def test_percentiles_are_by_nearest_rank():
    """Of 1 to 20 seconds half took at most 10, and 95 % at most 19: counted by hand."""
    now = Now(50.0)
    answer_times = AnswerTimes(now=now)
    for seconds in (20, *range(1, 20)):
        measured(answer_times, now, seconds)

    assert (answer_times.percentile(0.5), answer_times.percentile(0.95), answer_times.count) == (10, 19, 20)


def test_one_answer_is_every_percentile():
    """And none is zero."""
    now = Now(50.0)
    answer_times = AnswerTimes(now=now)
    none = answer_times.percentile(0.95)
    measured(answer_times, now, 3)

    assert (none, answer_times.percentile(0.5), answer_times.percentile(0.95)) == (0, 3, 3)


def test_only_the_latest_are_remembered():
    """A slow beginning is forgotten, and memory does not grow."""
    now = Now(50.0)
    answer_times = AnswerTimes(now=now, size=10)
    for seconds in [100] * 50 + [1] * 10:
        measured(answer_times, now, seconds)

    assert (answer_times.count, answer_times.percentile(0.95)) == (10, 1)


def test_uptime_is_since_the_start():
    """In seconds of the same clock."""
    now = Now(50.0)
    answer_times = AnswerTimes(now=now)
    now.time += 90

    assert answer_times.uptime == 90
