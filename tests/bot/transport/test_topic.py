"""Forum topics: whatever answers a message or a press in a topic goes there, and nothing else does."""

from __future__ import annotations

import shutil

import pytest

from bot.storage.state import Person
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, GROUP, STAFF, running
from tests.bot.conversation.test_buttons import labelled, old_button
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault

TOPIC = {"message_thread_id": 9, "is_topic_message": True}
MENTION = {"type": "mention", "offset": 0, "length": 18}


def ask_in_topic(api, text=f"@trichdan_test_bot {QUESTION}", user=STAFF):
    """A question in a topic of the group."""
    api.say(text, user, GROUP, entities=[MENTION], **TOPIC)


async def answer_in_topic(api):
    """An answer in a topic of the group."""
    ask_in_topic(api)
    return (await sent(api, chat=GROUP))[-1]


@pytest.mark.parametrize("command", ["/help", "/start", "/nguon", "/tailieu báo cáo", "/vidu", "/quenlai", "/moi"])
async def test_a_command_is_answered_in_its_topic(api, bot, command):
    """Also where it is refused; while the answer is made, typing is shown there."""
    api.say(command, STAFF, GROUP, **TOPIC)

    (call,) = await sent(api, chat=GROUP)

    assert call.parameters["message_thread_id"] == 9


async def test_a_question_is_answered_in_its_topic(api, bot):
    """Typing is shown there too; and so it is where the markup is refused."""
    api.fail("sendMessage", Fault(400, "Bad Request: can't parse entities: Unsupported start tag"))

    call = await answer_in_topic(api)

    assert "parse_mode" not in call.parameters
    assert call.parameters["message_thread_id"] == 9
    assert {each.parameters.get("message_thread_id") for each in api.sent("sendChatAction")} == {9}


@pytest.mark.parametrize(("verb", "method"), [("d", "sendDocument"), ("c", "sendMessage"), ("s", "sendMessage")])
async def test_a_press_is_answered_in_its_topic(api, bot, verb, method):
    """In reply to the message under which the button stands."""
    answer = await answer_in_topic(api)
    api.press(old_button(answer, verb, 0, 1), {**api.message_of(answer), **TOPIC}, STAFF)

    *_, call = await sent(api, 2 if method == "sendMessage" else 1, method, chat=GROUP)

    assert call.parameters["message_thread_id"] == 9
    assert call.parameters["reply_parameters"]["message_id"] == answer.parameters["_message_id"]


async def test_what_goes_to_another_chat_has_no_topic(api, config, own_home):
    """An alarm to administrators about a question in a topic."""
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        shutil.rmtree(own_home.index)
        ask_in_topic(api)
        (apology,) = await sent(api, chat=GROUP)
        (alarm,) = await sent(api, chat=ADMIN)

    assert apology.parameters["message_thread_id"] == 9
    assert "message_thread_id" not in alarm.parameters


async def test_a_thread_that_is_no_topic_is_left_alone(api, bot):
    """Replies in an ordinary group have a thread as well, into which nothing can be sent."""
    api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[MENTION], message_thread_id=9)

    (call,) = await sent(api, chat=GROUP)

    assert "message_thread_id" not in call.parameters


async def test_each_answer_goes_to_its_own_topic(api, bot):
    """Of several at once, by several people."""
    bot.add(Person(88, "staff", "Người khác"), ADMIN)
    for user, topic in ((STAFF, 9), (88, 10), (STAFF, 11)):
        api.say(
            f"@trichdan_test_bot {QUESTION}", user, GROUP, entities=[MENTION], **{**TOPIC, "message_thread_id": topic}
        )

    calls = await sent(api, 3, chat=GROUP)

    asked = [call.parameters["reply_parameters"]["message_id"] for call in calls]
    assert [call.parameters["message_thread_id"] for call in calls] == [9, 10, 11]
    assert asked == sorted(asked)


async def test_a_further_place_of_an_old_message_comes_into_the_topic(api, bot):
    """Its contents are gone, and with them the topic: the reply leads there."""
    answer = await answer_in_topic(api)
    old = {"chat": {"id": GROUP, "type": "supergroup"}, "message_id": answer.parameters["_message_id"], "date": 0}
    api.press(labelled(answer, "Kết quả khác"), old, STAFF)

    _, more = await sent(api, 2, chat=GROUP)

    assert more.parameters["reply_parameters"]["message_id"] == answer.parameters["_message_id"]
