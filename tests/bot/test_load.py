"""
Many at once, through kill -9 and a storm of 429, over real HTTP with the bot as a process of its own.

TRICHDAN_CROWD=200 makes the crowd as large as a whole office; `tests.benchmarks.bot_load` writes the figures down.
"""

from __future__ import annotations

import os
import signal

import pytest

from bot.storage.opening import open_state
from bot.storage.state import Person
from tests.benchmarks.process import peak_mb
from tests.bot.conftest import ADMIN
from tests.support.bot.call import Fault
from tests.support.bot.crowd import QUESTIONS, Crowd

SIZE = int(os.environ.get("TRICHDAN_CROWD", "40"))
MEGABYTES = 1000  # without a model, which is not what is measured here


@pytest.fixture
def staff(tmp_path):
    """A state file that knows the crowd."""
    state = open_state(tmp_path / "state.sqlite")
    for user in range(1000, 1000 + 2 * SIZE):
        state.add(Person(user, "staff", f"Người {user}"), ADMIN)
    state.close()


def test_a_crowd_is_answered_through_kill_9(api, start, staff):
    """Every question, in order within each chat; what was under way may come twice, once a chat."""
    crowd = Crowd(api, range(1000, 1000 + SIZE))
    first = start()
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", *[Fault()] * SIZE, *[Fault(500, delay=3600)] * SIZE)  # half of the answers get through
    crowd.ask()
    crowd.wait(0.5)
    api.wait(lambda: len(api.faults["sendMessage"]) < SIZE)  # and the next is on its way
    memory = [peak_mb(first.pid)]
    first.send(signal.SIGKILL)
    first.wait()
    before = sum(map(bool, crowd.answers().values()))
    api.faults["sendMessage"].clear()

    second = start()
    crowd.wait()
    memory.append(peak_mb(second.pid))

    assert before == SIZE  # it was in the middle
    assert crowd.in_order()
    assert set(crowd.repeats().values()) <= {1}
    assert max(memory) < MEGABYTES


def test_a_storm_of_429_on_one_chat_is_that_chats_alone(api, start, staff):
    """All others are answered while it lasts; how fast, `tests.benchmarks.bot_load` measures."""
    start()
    api.wait(lambda: api.sent("setMyCommands"))
    crowd = Crowd(api, range(1000, 1000 + SIZE))
    api.fail("sendMessage", *[Fault(429, "Too Many Requests: retry after 1", retry_after=1, chat=ADMIN)] * 10_000)
    for _ in range(5):
        api.say(QUESTIONS[0], ADMIN)
    api.wait(lambda: len(api.faults["sendMessage"]) < 10_000)

    crowd.ask()
    crowd.wait()
    during = api.sent(chat=ADMIN)
    api.faults["sendMessage"].clear()

    assert during == []
    assert len(api.wait_sent(5, chat=ADMIN)) == 5
