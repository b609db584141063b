"""How fast the limiter lets requests go, by a clock that the test owns."""

from __future__ import annotations

import asyncio
import heapq

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.transport.rate_limiter import RateLimiter


class Clock:
    """Time that passes only when everybody sleeps."""

    def __init__(self):
        self.time = 1000.0
        self.sleeping = []

    def now(self):
        return self.time

    async def sleep(self, seconds):
        wake = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleeping, (self.time + seconds, id(wake), wake))
        await wake

    async def run(self, *coroutines):
        """Runs them to their ends, moving the time on to the next who wakes whenever all sleep."""
        together = asyncio.gather(*coroutines, return_exceptions=True)
        while not together.done():
            for _ in range(20 * len(coroutines) + 20):
                await asyncio.sleep(0)
            if self.sleeping and not together.done():
                self.time, _, wake = heapq.heappop(self.sleeping)
                wake.set_result(None)
        return together.result()


class Wire:
    """What is sent, and when; `faults` are raised first, by chat."""

    def __init__(self):
        self.clock = Clock()
        self.limiter = RateLimiter(now=self.clock.now, sleep=self.clock.sleep)
        self.times = {}
        self.faults = {}

    async def post(self, chat, endpoint="sendMessage"):
        data = {"chat_id": chat}

        async def callback():
            self.times.setdefault(chat, []).append(self.clock.time - 1000.0)
            if self.faults.get(chat):
                raise self.faults[chat].pop(0)
            return True

        return await self.limiter.process_request(callback, (), {}, endpoint, data, None)


@pytest.fixture
def wire():
    return Wire()


async def test_one_message_a_second_for_a_chat(wire):
    """Three at once, then never more than three in any three seconds."""
    await wire.clock.run(*(wire.post(412) for _ in range(10)))

    times = wire.times[412]
    assert times[:3] == [0, 0, 0]
    assert all(later - earlier >= 3 for earlier, later in zip(times, times[3:], strict=False))
    assert times[-1] == 9


async def test_twenty_a_minute_for_a_group(wire):
    """The twenty-first waits for the first to be a minute old."""
    await wire.clock.run(*(wire.post(-1001) for _ in range(21)))

    assert sum(time < 60 for time in wire.times[-1001]) == 20
    assert wire.times[-1001][20] == 60


async def test_twenty_five_a_second_overall(wire):
    """A hundred chats at once take three seconds."""
    await wire.clock.run(*(wire.post(chat) for chat in range(1, 101)))

    times = sorted(time for each in wire.times.values() for time in each)
    assert times == sorted([0.0, 1.0, 2.0, 3.0] * 25)


async def test_a_flood_slows_only_its_own_chat(wire):
    """Fifty messages waiting for one chat hold no place of another's."""
    await wire.clock.run(*(wire.post(1) for _ in range(50)), wire.post(2))

    assert wire.times[2] == [0]
    assert wire.times[1][-1] > 40


async def test_a_429_pauses_that_chat_alone(wire):
    """The refused message goes after the pause, and so does the next of its chat; another chat does not wait."""
    wire.faults[1] = [RetryAfter(17)]

    results = await wire.clock.run(wire.post(1), wire.post(1), wire.post(2))

    assert results == [True, True, True]
    assert wire.times[2] == [0]
    assert wire.times[1][-1] == 17
    assert wire.limiter.counters.paused == 1


async def test_a_vanished_network_is_tried_again(wire):
    """Half a second, one, two: each wait is longer."""
    wire.faults[1] = [NetworkError("cut"), TimedOut(), NetworkError("Bad Gateway")]

    (result,) = await wire.clock.run(wire.post(1))

    assert result is True
    assert wire.times[1] == [0, 0.5, 1.5, 3.5]


async def test_tries_are_bounded(wire):
    """After nine the last error is raised; a minute and a half has passed."""
    wire.faults[1] = [NetworkError("cut")] * 20

    (result,) = await wire.clock.run(wire.post(1))

    assert isinstance(result, NetworkError)
    assert len(wire.times[1]) == 9
    assert wire.limiter.counters.failed == 1


@pytest.mark.parametrize("error", [BadRequest("no"), Forbidden("blocked")])
async def test_what_cannot_succeed_later_is_not_repeated(wire, error):
    """A message that the server will never take, or a user who blocked the bot."""
    wire.faults[1] = [error]

    (result,) = await wire.clock.run(wire.post(1))

    assert result is error
    assert wire.times[1] == [0]


async def test_the_typing_action_neither_waits_nor_repeats(wire):
    """A late typing action is useless, and takes no message's turn."""
    wire.faults[1] = [TimedOut()]

    results = await wire.clock.run(*(wire.post(1, "sendChatAction") for _ in range(6)))

    assert isinstance(results[0], TimedOut)
    assert wire.times[1] == [0] * 6
