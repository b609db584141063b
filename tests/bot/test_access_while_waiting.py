"""Rights are asked again just before an answer is sent: searching and waiting may take a minute."""

from __future__ import annotations

import asyncio

from bot.messages.vi import VI
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_inline import held_questions
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.transport.test_redelivery import settled


async def test_what_was_answered_elsewhere_brings_no_excuse(api, config, monkeypatch):
    """A process that stood still finds its searches overdue, and their questions answered by another one."""
    may_end = held_questions(monkeypatch)
    async with running(config.model_copy(update={"answer_seconds": 1.0})) as state:
        api.say(QUESTION, STAFF)
        await sent(api, 1, "sendChatAction")
        state.database.run("UPDATE updates SET payload = NULL")
        api.say("/help", STAFF)
        (first,) = await sent(api, 1, chat=STAFF)
        may_end.set()

    assert not first.parameters["text"].startswith(VI.down.partition("{")[0])


async def test_who_is_removed_during_the_search_gets_no_answer(api, config, monkeypatch):
    """They hear that they were removed, and nothing of the documents."""
    may_end = held_questions(monkeypatch)
    async with running(config) as state:
        api.say(QUESTION, STAFF)
        await sent(api, 1, "sendChatAction")
        api.say(f"/xoa {STAFF}", ADMIN)
        await sent(api, 1, chat=ADMIN)
        may_end.set()
        await settled(state)

        await asyncio.to_thread(api.wait, lambda: api.sent(chat=STAFF))
        answers = [call.parameters["text"] for call in api.sent(chat=STAFF)]

    assert not [text for text in answers if "70 người" in text]
