"""The half hour of `bot_endurance` in half a minute, with a few people."""

from __future__ import annotations

import pytest

from tests.benchmarks.bot_endurance import endure


@pytest.mark.bot
@pytest.mark.slow
def test_no_fault_loses_or_doubles_a_question():
    """A build, a rollback, a full disk, an outage, SIGKILL, 429 and 502; the command measures pace and memory."""
    found = endure(10, 30, 5)

    names = [fault["fault"] for fault in found["faults"]]
    assert names == ["a build", "a rollback", "a full disk", "the Bot API away", "SIGKILL", "429", "502"]
    assert (found["lost"], found["doubled beyond what was in flight"]) == (0, 0)
    assert found["questions"] > 20
    assert -9 in [process["exit code"] for process in found["processes"]]
