"""Several processes together send no more than Telegram takes."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.errors import StateUnreachableError
from bot.storage.opening import open_state
from bot.storage.postgres.shared_pacing import SharedPacing
from bot.transport.rate_limiter import RateLimiter
from tests.bot.storage.conftest import NEEDS_POSTGRES
from tests.support.postgres_server import shared_server

pytestmark = NEEDS_POSTGRES

SECOND = 0.3  # of these tests


@pytest.fixture
def pacings(server):
    """What two processes share."""
    states = [open_state(server) for _ in range(2)]
    yield [SharedPacing(state) for state in states]
    for state in states:
        state.close()


def test_turns_are_counted_together(pacings):
    """Three within a window, whoever takes them; the next when the first is past."""
    first, second = pacings
    taken = [each.take("5", [(3, 60.0), (4, 600.0)]) for each in (first, second, first)]

    assert taken == [0.0, 0.0, 0.0]
    assert 50 < second.take("5", [(3, 60.0)]) <= 60
    assert first.take("6", [(3, 60.0)]) == 0.0


def test_the_longest_wait_counts(pacings):
    """Of several windows, and of a pause that one process was told to make."""
    first, second = pacings
    first.take("-5", [(1, 1.0), (1, 60.0)])
    first.pause("-6", 600.0)

    assert 50 < second.take("-5", [(1, 1.0), (1, 60.0)]) <= 60
    assert 590 < second.take("-6", [(1, 1.0)]) <= 600


async def test_two_rate_limiters_keep_a_chats_limit(pacings, monkeypatch):
    """By the server's clock never more than two in a window, though each alone would send two."""
    monkeypatch.setattr("bot.transport.rate_limiter._CHAT", (2, SECOND))
    limiters = [RateLimiter(shared=pacing) for pacing in pacings]

    async def receive():
        return True

    requests = [(receive, (), {}, "sendMessage", {"chat_id": 5}, None)] * 3
    await asyncio.gather(*(limiter.process_request(*request) for limiter in limiters for request in requests))

    ((sent,),) = pacings[0]._database.run("SELECT sent FROM pacing WHERE place = '5'")
    assert len(sent) == 6
    assert [third - first for first, third in zip(sent, sent[2:], strict=False) if third - first < SECOND] == []


async def test_alone_while_the_state_does_not_answer(pacings):
    """Nothing is held back for a database that is away."""
    pacing = pacings[0]
    pacing._database.run("SELECT 1")
    pacing._database._quiet_until = time.monotonic() + 60
    shared_server().execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'bot_state'")
    with pytest.raises(StateUnreachableError):
        pacing.take("5", [(1, 60.0)])

    async def receive():
        return True

    assert await RateLimiter(shared=pacing).process_request(receive, (), {}, "sendMessage", {"chat_id": 5}, None)
