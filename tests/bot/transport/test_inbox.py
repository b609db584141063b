"""Updates are stored before they are confirmed, and handled in order within a chat."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from telegram import Update
from telegram.error import TelegramError

from bot.storage.opening import open_state
from bot.transport.inbox import Inbox, UpdateProcessor
from bot.transport.redelivery import Redelivery
from tests.support.bot.server import BOT, person

NOWHERE = {"message_id": 1, "date": 1, "chat": None}


@pytest.fixture
def state(tmp_path):
    state = open_state(tmp_path / "state.sqlite")
    yield state
    state.close()


def update(number, user=5, kind="message", **more):
    """A real Update of a person's message."""
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": user, "type": "private"},
        "from": person(user),
        "text": "a",
        **more,
    }
    return Update.de_json({"update_id": number, kind: message}, None)


async def test_an_update_is_written_down_before_it_is_in_the_queue(state):
    """PTB confirms what is in the queue; the second delivery of the same update is dropped."""
    inbox = Inbox(state)

    await inbox.put(update(1))
    await inbox.put(update(1))

    assert inbox.qsize() == 1
    assert [number for number, _ in state.pending()] == [1]


async def test_what_cannot_be_written_down_is_not_confirmed(state):
    """PTB fetches again what fails with its own kind of error; nothing of it is in the queue."""
    inbox = Inbox(state)
    state.database.connection.execute("DROP TABLE updates")

    with pytest.raises(TelegramError, match="written down before it is confirmed"):
        await inbox.put(update(1))

    assert inbox.qsize() == 0


@pytest.mark.parametrize(
    "ignored",
    [
        update(1, kind="edited_channel_post", **{"from": None}),
        update(1, kind="channel_post", **{"from": None}),
        update(1, via_bot=BOT),
        update(1, sender_chat={"id": -1001, "type": "channel", "title": "x"}),
        update(1, **{"from": BOT}),
    ],
    ids=["edited in a channel", "channel", "via_bot", "as a channel", "a bot"],
)
async def test_what_no_person_says_is_ignored(state, ignored):
    """Neither queued nor written down."""
    inbox = Inbox(state)

    await inbox.put(ignored)

    assert (inbox.qsize(), state.pending()) == (0, [])


async def test_what_was_not_answered_is_taken_up_again(state):
    """In order, as complete as it came, without the network."""
    await Inbox(state).put(update(1, text="Ai ký?"))
    await Inbox(state).put(update(2, text="Khi nào?"))
    state.mark_answered(1)
    inbox = Inbox(state)

    recalled = await inbox.recall(None)

    again = inbox.get_nowait()
    assert (recalled, again.message.text, again.effective_user.id) == (1, "Khi nào?", 5)


async def test_what_cannot_be_read_back_keeps_no_bot_from_starting(state, caplog):
    """Another version of PTB stored it, say: logged by its number, not asked for again, and the others are answered."""
    await Inbox(state).put(update(1, text="Ai ký?"))
    state.accept(2, '{"update_id": 2, "message": {"message_id": 1, "date": 0, "chat": {"id": 5}, "from": {"id": 5}}}')
    state.accept(3, "không phải JSON")
    inbox = Inbox(state)

    recalled = await inbox.recall(None)

    assert (recalled, inbox.get_nowait().message.text) == (1, "Ai ký?")
    assert [number for number, _ in state.pending()] == [1]
    assert "update 2 of before" in caplog.text
    assert "update 3 of before" in caplog.text


async def test_order_within_a_chat_and_parallel_across_chats(state):
    """The second question of a chat waits for the first; another chat's does not."""
    updates = UpdateProcessor(state, None, Redelivery(None, state.is_pending, ()))
    first_may_end = asyncio.Event()
    ended = []

    async def handle(name, wait=None):
        if wait:
            await wait.wait()
        ended.append(name)
        if name == "other chat":
            first_may_end.set()

    await asyncio.gather(
        updates.process_update(update(1), handle("first", first_may_end)),
        updates.process_update(update(2), handle("second")),
        updates.process_update(update(3, user=6), handle("other chat")),
    )

    assert ended == ["other chat", "first", "second"]
    assert updates.waiting == 0


async def test_answered_is_what_was_handled_to_its_end(state):
    """An update whose handling was cut off, or whose answer was not delivered, stays pending."""
    redelivery = Redelivery(None, state.is_pending, pauses=())
    updates = UpdateProcessor(state, None, redelivery)
    for number in (1, 2, 3):
        state.accept(number, "{}")

    begun = asyncio.Event()

    async def cut_off():
        begun.set()
        await asyncio.Event().wait()

    async def not_delivered():
        redelivery.record_failure(2)

    cut = asyncio.create_task(updates.process_update(update(1), cut_off()))
    await begun.wait()
    cut.cancel()
    await asyncio.gather(cut, return_exceptions=True)
    await updates.process_update(update(2), not_delivered())
    await updates.process_update(update(3), asyncio.sleep(0))

    assert [number for number, _ in state.pending()] == [1, 2]


async def test_an_update_that_ends_the_program_is_given_up(state):
    """Given up after five unfinished attempts, so that it cannot block everybody else."""
    handled = []

    async def handle():
        handled.append(1)

    state.accept(1, "{}")
    for _ in range(5):
        state.count_attempt(1)

    await UpdateProcessor(state, None, Redelivery(None, state.is_pending, ())).process_update(update(1), handle())

    assert (handled, state.pending()) == ([], [])


async def test_a_flood_is_refused_once(state):
    """Thirty updates of one user may wait; the next is told so, the others of the flood are not."""
    told, handled = [], []

    async def refuse(update):
        told.append(update.update_id)

    async def handle(number):
        await asyncio.sleep(0.005)
        handled.append(number)

    updates = UpdateProcessor(state, refuse, Redelivery(None, state.is_pending, ()))
    await asyncio.gather(*(updates.process_update(update(n), handle(n)) for n in range(1, 41)))

    assert (handled, told) == (list(range(1, 31)), [31])


async def test_others_have_their_turn_while_a_poll_is_stored(state):
    """A hundred updates at once are a hundred writes to the disk: not one stall."""
    inbox, turns = Inbox(state), []

    async def other():
        while True:
            turns.append(inbox.qsize())
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    for number in range(1, 101):
        await inbox.put(update(number))
    task.cancel()

    assert max(later - earlier for earlier, later in pairwise(turns)) == 1
    assert inbox.qsize() == 100


@pytest.mark.parametrize(
    "spoilt",
    [
        {"message_id": {}},
        {"reply_to_message": {**NOWHERE, "message_id": {}, "chat": {"id": 5, "type": "private"}}},
        {"text": 5},
        {"text": ["a"]},
        {"from": {**person(5), "id": "5"}},
        {"from": {**person(5), "id": 2**63}},
        {"from": {**person(5), "id": -5}},
        {"from": {**person(5), "first_name": 1}},
        {"chat": {"id": -(2**64), "type": "supergroup"}},
        {"chat": {"id": None, "type": "private"}},
        {"chat": None},
    ],
    ids=str,
)
async def test_what_has_wrong_types_is_not_heard(state, spoilt):
    """PTB parses it, but handlers or SQLite would fail on it."""
    inbox = Inbox(state)

    await inbox.put(update(1, **spoilt))

    assert (inbox.qsize(), inbox.accepted) == (0, 0)


@pytest.mark.parametrize(
    "parts",
    [
        {"inline_query": {"id": "1", "from": person(5), "query": 5, "offset": ""}},
        {"inline_query": {"id": "1", "from": person(5), "query": None, "offset": ""}},
        {"callback_query": {"id": "1", "from": person(5), "chat_instance": "1", "data": "x", "message": NOWHERE}},
        {
            "callback_query": {"id": "1", "from": person(5), "chat_instance": "1", "data": "x"},
            "message": {**NOWHERE, "chat": {"id": 5, "type": "private"}},
        },
    ],
    ids=["a query that is no text", "a query without", "a message in no chat", "two parts"],
)
async def test_what_no_server_sends_is_not_heard(state, parts):
    """Nor what has a part too much or too little, though each part by itself can be read."""
    inbox = Inbox(state, inline=True)

    await inbox.put(Update.de_json({"update_id": 1, **parts}, None))

    assert (inbox.qsize(), inbox.accepted) == (0, 0)
