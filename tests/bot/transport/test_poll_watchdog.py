"""The polling watchdog: a quiet day is not silence."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest
from telegram.error import Conflict

from bot.errors import NoResponseError, OtherInstanceError
from bot.lifecycle import serving
from bot.storage.opening import open_state
from bot.transport.poll_watchdog import PollWatchdog
from bot.transport.sanitizer import sanitize_updates
from retrieval.retriever import Retriever
from tests.bot.conftest import STAFF, Now, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.encoders import BagEncoder


async def test_a_quiet_day_is_no_silence(api, config, monkeypatch):
    """Empty answers count as answers: minutes pass, each of them longer than a poll, and nobody writes."""
    now = Now()
    monkeypatch.setattr("bot.app.PollWatchdog", partial(PollWatchdog, now=now))
    config, state = config.model_copy(update={"poll_seconds": 1, "silence_seconds": 120.0}), open_state(config.state)
    async with serving(config, Retriever(config.index, BagEncoder()), state) as running:
        services = running.services
        for _ in range(3):
            polls = len(api.sent("getUpdates"))
            await asyncio.to_thread(api.wait, lambda polls=polls: len(api.sent("getUpdates")) >= polls + 2)
            now.time += 100
            services.watchdog.check(config.silence_seconds)
        now.time += 121
        with pytest.raises(NoResponseError, match="nothing came for"):
            services.watchdog.check(config.silence_seconds)
    state.close()


def conflicts(watchdog, count):
    for _ in range(count):
        watchdog.record_error(Conflict("terminated by other getUpdates request"))


def test_a_newcomer_gives_up_at_its_third_conflict():
    """It has never polled: another process does."""
    watchdog = PollWatchdog(now=Now())
    conflicts(watchdog, 3)

    with pytest.raises(OtherInstanceError, match="409"):
        watchdog.check(120)


def test_a_bot_that_has_polled_outlives_a_newcomer():
    """For more than a minute of conflicts; if they last, somebody means it."""
    now = Now()
    watchdog = PollWatchdog(now=now)
    watchdog.record_status(200)
    conflicts(watchdog, 3)

    now.time += 60
    conflicts(watchdog, 20)
    watchdog.check(120)
    now.time += 31
    with pytest.raises(OtherInstanceError):
        watchdog.check(120)


def test_an_answered_poll_ends_the_count_of_conflicts():
    """The newcomer has gone: an hour later three new conflicts are new."""
    now = Now()
    watchdog = PollWatchdog(now=now)
    watchdog.record_status(200)
    conflicts(watchdog, 3)
    watchdog.record_status(200)
    now.time += 3600
    watchdog.record_status(200)
    conflicts(watchdog, 3)

    watchdog.check(120)


async def test_a_poll_is_checked_beside_the_event_loop(api, config, monkeypatch):
    """A hundred long updates would hold up everybody: they are checked in another thread, and answered."""
    threads = []

    def check(body):
        threads.append(threading.current_thread())
        return sanitize_updates(body)

    monkeypatch.setattr("bot.transport.poll_watchdog.sanitize_updates", check)
    async with running(config):
        api.say(QUESTION, STAFF)
        await sent(api, chat=STAFF)

    assert threads
    assert threading.main_thread() not in threads
