"""A thousand hostile updates of the benchmark's hundred thousand."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks.hostile_updates import assault


@pytest.mark.bot
@pytest.mark.slow
def test_hostile_updates_crash_nothing_and_are_told_nothing():
    """Of both kinds, by everybody; strangers leave no row among the updates. Stalls are the benchmark's to measure."""
    found = assault(int(os.environ.get("TRICHDAN_HOSTILE", "1000")), 20261129)

    assert {name: found[name] for name in ("crashes", "unanswered", "incidents", "leaks")} == {
        "crashes": 0,
        "unanswered": 0,
        "incidents": [],
        "leaks": [],
    }
    assert found["calls of the bot"]["sendMessage"] > 100
    assert found["rows at the end"]["updates"] < found["updates"] / 2
    assert found["rows at the end"]["requests"] <= 500
