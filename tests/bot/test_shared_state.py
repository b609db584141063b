"""Several processes of one bot over a state in PostgreSQL, against the Bot API server over real HTTP."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.conversation.shared_questions import SharedQuestions
from bot.lifecycle import Running, serving
from bot.messages.vi import VI
from bot.settings.config import Config
from bot.storage.opening import open_state
from bot.storage.state import Person
from retrieval.index import IndexAddress
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, BAG_INDEXER, STAFF, free_port
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.transport.test_webhook import SECRET, URL, question
from tests.support.bot.crowd import Crowd
from tests.support.bot.deliveries import HEADER
from tests.support.bot.server import person
from tests.support.bot.state_server import empty_state_server
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING
from tests.support.waiting import soon

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]
PEOPLE = 8
EDITED = "Báo cáo quý được nộp trước ngày nào?"


@pytest.fixture
def shared(config: Config) -> Config:
    """Settings with an empty state in PostgreSQL, which knows one of the staff."""
    address = empty_state_server()
    state = open_state(address)
    state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)
    for user in range(1000, 1000 + PEOPLE):
        state.add(Person(user, "staff", f"Người {user}"), ADMIN)
    state.close()
    return config.model_copy(update={"state": address})


@asynccontextmanager
async def one_of_several(config: Config) -> AsyncIterator[Running]:
    """A bot in this process, with a state of its own opened over the shared database."""
    state = open_state(config.state)
    retriever = Retriever(config.index, BagEncoder())
    try:
        async with serving(config, retriever, state, indexer=BAG_INDEXER) as running:
            yield running
    finally:
        state.close()


async def test_one_of_two_polls_and_both_answer(api, shared):
    """Each question once and in order, by whichever claimed it; when the leader ends, the other polls."""
    crowd = Crowd(api, range(1000, 1000 + PEOPLE))
    async with one_of_several(shared) as second:
        async with one_of_several(shared) as first:
            leading = (second.leadership.is_leading, first.leadership.is_leading)
            crowd.ask()
            await asyncio.to_thread(crowd.wait)
            accepted = (second.services.inbox.accepted, first.services.inbox.accepted)
            await second.leadership.resign()
            await soon(lambda: first.leadership.is_leading or second.leadership.is_leading)
        await soon(lambda: second.leadership.is_leading)
        api.say(QUESTION, STAFF)
        (answer,) = await sent(api, 1, chat=STAFF)

    assert leading == (True, False)
    assert accepted == (2 * PEOPLE, 0)
    assert crowd.in_order()
    assert crowd.repeats() == {}
    assert "70 người" in answer.parameters["text"]


async def test_deliveries_by_webhook_reach_either(api, shared):
    """Behind a balancer; only the leader registers, and the same update delivered to both is answered once."""
    ports = [free_port(), free_port()]
    hooked = [
        type(shared).model_validate(
            {**shared.model_dump(), "state": shared.state, "webhook_url": URL, "webhook_secret": SECRET}
            | {"webhook_listen": f"127.0.0.1:{port}"}
        )
        for port in ports
    ]
    async with one_of_several(hooked[0]) as first, one_of_several(hooked[1]) as second:
        for port in ports:
            api.webhook.proxied = ("127.0.0.1", port)
            await asyncio.to_thread(api.webhook.post, question(7), {HEADER: SECRET})
        api.say("/start", STAFF)
        answer, after = await sent(api, 2, chat=STAFF)
        registered = len(api.sent("setWebhook"))
        accepted = [each.services.inbox.accepted for each in (first, second)]

    assert registered == 1
    assert accepted == [1, 1]
    assert "70 người" in answer.parameters["text"]
    assert "tra cứu tài liệu" in after.parameters["text"]


async def test_a_follow_up_reaches_another_process(api, shared):
    """It knows what the first one was asked, edits its answer, and forgets it with who asked."""
    async with one_of_several(shared):
        number = api.say(QUESTION, STAFF)
        (first,) = await sent(api, 1, chat=STAFF)
    async with one_of_several(shared):
        api.say("ở đâu?", STAFF)
        _, follow_up = await sent(api, 2, chat=STAFF)
        api.say("khi nào?", STAFF, reply_to_message=api.message_of(first))
        *_, reply = await sent(api, 3, chat=STAFF)
        message = {**api.message_of(first), "message_id": number, "from": person(STAFF), "text": EDITED}
        api.push(edited_message={**message, "edit_date": int(time.time())})
        (edited,) = await sent(api, 1, "editMessageText")
    state = open_state(shared.state)
    answered = SharedQuestions(state)
    known = answered.of(STAFF, number)
    answered.forget(STAFF)
    forgotten = answered.of(STAFF, number)
    state.close()

    assert VI.follow_up in follow_up.parameters["text"]
    assert VI.follow_up in reply.parameters["text"]
    assert edited.parameters["message_id"] == first.parameters["_message_id"]
    assert "ngày 15" in edited.parameters["text"]
    assert (known.typed, known.user_id) == (EDITED, STAFF)
    assert forgotten is None


async def test_one_process_builds_at_a_time(api, shared, own_home):
    """While another one does, /naplai says so, and works once it has ended."""
    other = open_state(shared.state)
    lock = other.database.try_lock("reindex")
    async with one_of_several(shared.model_copy(update={"index": IndexAddress(own_home.index)})):
        api.say("/naplai", ADMIN)
        (told,) = await sent(api, 1, chat=ADMIN)
        lock.release()
        api.say("/naplai", ADMIN)
        *_, report = await sent(api, 3, chat=ADMIN)
    other.close()

    assert told.parameters["text"] == VI.administration.reindex_running
    assert VI.administration.reindex_unchanged.partition("{")[0] in report.parameters["text"]


async def test_what_is_erased_is_forgotten_by_every_process(api, shared, monkeypatch):
    """Who asked /quenlai of one: another lets go of what it holds in memory."""
    monkeypatch.setattr("bot.lifecycle._WAKE", 0.05)
    async with one_of_several(shared), one_of_several(shared) as second:
        held = second.services.redelivery._erased
        await soon(lambda: api.sent("getUpdates"))
        unasked = second.services.redelivery._erased is held
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await sent(api, 1, "editMessageText")
        await soon(lambda: second.services.redelivery._erased is not held)

    assert unasked


def test_a_killed_leader_is_replaced_and_its_questions_are_answered(api, start, shared):
    """Killed with answers on their way: the other process claims them when the leases are over."""
    crowd = Crowd(api, range(1000, 1000 + PEOPLE))
    settings = {"state": shared.state.url, "LEASE": "8", "parallel": "1"}
    first = start(**settings)
    api.wait(lambda: api.sent("getUpdates"))
    second = start(**settings)
    api.wait(lambda: len(api.sent("getMe")) == 2)
    crowd.ask()
    crowd.wait(0.3)
    first.send(signal.SIGKILL)
    first.wait()
    crowd.wait()
    second.send(signal.SIGTERM)

    assert second.wait() == 0
    assert crowd.in_order()
    assert set(crowd.repeats().values()) <= {1}
    assert "leads now" in second.log()
    assert "answers now" not in first.log()
