"""Answers beyond the rate limiter's retries arrive without a restart, in order, and once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bot.lifecycle import serving
from bot.storage.opening import open_state
from bot.storage.retention import Retention
from bot.storage.state import Person
from bot.transport.redelivery import Redelivery, RetryDelays
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault
from tests.support.encoders import BagEncoder
from tests.support.waiting import PATIENCE, soon

IMPATIENT = RetryDelays(back_off=(), pauses=(0.05, 0.1, 0.2, 0.4, 0.8))


def replied_to(calls):
    """The messages that the bot's messages reply to."""
    return [call.parameters["reply_parameters"]["message_id"] for call in calls]


async def settled(state):
    """Waits until no update is pending."""
    await soon(lambda: not state.pending())


@pytest.fixture
def pause(monkeypatch):
    """Every pause lasts until the event `over` is set; `begun` is set when one begins."""

    async def waited(redelivery, update_id, seconds):
        pause.begun.set()
        await pause.over.wait()
        return True

    pause = SimpleNamespace(begun=asyncio.Event(), over=asyncio.Event())
    monkeypatch.setattr(Redelivery, "_wait", waited)
    return pause


async def test_an_answer_comes_when_the_network_is_back(api, config):
    """The connection is cut three times for as many whole tries; then both answers come, in order, each once."""
    async with running(config, retry_delays=IMPATIENT) as state:
        api.down.add("sendMessage")
        asked = [api.say(QUESTION, STAFF), api.say(QUESTION, STAFF)]
        await asyncio.to_thread(api.wait, lambda: api.cut["sendMessage"] == 3)
        pending = len(state.pending())
        api.down.clear()

        await sent(api, 2)
        await settled(state)

    assert pending == 2
    assert replied_to(api.sent()) == asked


async def test_a_forgotten_question_is_not_tried_again(api, config, pause):
    """A question erased while it awaits a retry is not answered; later ones are."""
    async with running(config, retry_delays=RetryDelays(back_off=(), pauses=(1.0,))) as state:
        api.fail("sendMessage", Fault(cut=True))
        api.say(QUESTION, STAFF)
        await pause.begun.wait()
        Retention(state, days=90).erase(STAFF)
        later = api.say(QUESTION, STAFF)
        pause.over.set()
        await sent(api)
        await settled(state)

    assert replied_to(api.sent()) == [later]


async def test_no_other_chat_waits_for_it(api, config, pause):
    """While one chat's answer waits for its next try, another chat asks and is answered."""
    retry_delays = RetryDelays(back_off=(), pauses=(1.0,))
    async with running(config, retry_delays=retry_delays):
        api.fail("sendMessage", Fault(cut=True, chat=STAFF))
        api.say(QUESTION, STAFF)
        await pause.begun.wait()
        api.say(QUESTION, ADMIN)
        await sent(api, chat=ADMIN)
        pause.over.set()

        first, second = await sent(api, 2)

    assert [first.parameters["chat_id"], second.parameters["chat_id"]] == [ADMIN, STAFF]


async def test_the_tries_are_bounded(api, config):
    """After the last pause the question is left for the next start, which answers it; the chat goes on before that."""
    async with running(config, retry_delays=RetryDelays(back_off=(), pauses=(0.05,))) as state:
        api.fail("sendMessage", Fault(cut=True), Fault(cut=True))
        lost = api.say(QUESTION, STAFF)
        later = api.say(QUESTION, STAFF)
        await sent(api, 1)
        left = len(state.pending())
    async with running(config) as state:
        await sent(api, 2)
        await settled(state)

    assert left >= 1
    assert replied_to(api.sent()) == [later, lost]


async def test_the_pauses_grow():
    """Each is at least as long as the one before, and together they are longer than an hour."""
    pauses = RetryDelays().pauses

    assert list(pauses) == sorted(pauses)
    assert sum(pauses) > 3600


async def test_the_end_of_the_program_does_not_wait_for_a_pause(api, config, caplog):
    """A pause of an hour is cut short; the question is pending for the next start."""
    config, state = config.model_copy(update={"stop_seconds": PATIENCE}), open_state(config.state)
    state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)
    retry_delays = RetryDelays(back_off=(), pauses=(3600.0,))
    async with serving(config, Retriever(config.index, BagEncoder()), state, retry_delays=retry_delays) as running:
        services = running.services
        api.fail("sendMessage", Fault(cut=True))
        api.say(QUESTION, STAFF)
        await asyncio.to_thread(api.wait, lambda: not api.faults["sendMessage"])
        await soon(lambda: services.redelivery.waiting)
        left = [number for number, _ in state.pending()]
    state.close()

    assert left == [1000]
    assert "ended with updates unanswered" not in caplog.text
