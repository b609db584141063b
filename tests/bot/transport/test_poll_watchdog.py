"""The polling watchdog: a quiet day is not silence."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.errors import NoResponseError
from bot.lifecycle import serving
from bot.storage.state import StateFile
from bot.transport.poll_watchdog import PollWatchdog
from retrieval.retriever import Retriever
from tests.bot.conftest import Now
from tests.support.encoders import BagEncoder


async def test_a_quiet_day_is_no_silence(api, config, monkeypatch):
    """Empty answers count as answers: minutes pass, each of them longer than a poll, and nobody writes."""
    now = Now()
    monkeypatch.setattr("bot.app.PollWatchdog", partial(PollWatchdog, now=now))
    config, state = config.model_copy(update={"poll_seconds": 1, "silence_seconds": 120.0}), StateFile(config.state)
    async with serving(config, Retriever(config.index, BagEncoder()), state) as services:
        for _ in range(3):
            polls = len(api.sent("getUpdates"))
            await asyncio.to_thread(api.wait, lambda polls=polls: len(api.sent("getUpdates")) >= polls + 2)
            now.time += 100
            services.watchdog.check(config.silence_seconds)
        now.time += 121
        with pytest.raises(NoResponseError, match="nothing came for"):
            services.watchdog.check(config.silence_seconds)
    state.close()
