"""A bad network and an impatient server, over real HTTP: what is sent arrives, and an incident is a code."""

from __future__ import annotations

import asyncio

from tests.bot.conftest import ADMIN, STAFF
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault


async def test_a_429_holds_up_that_chat_alone(api, bot):
    """One chat waits as long as the server demands, the other is answered before."""
    api.fail("sendMessage", Fault(429, "Too Many Requests: retry after 2", retry_after=2, chat=ADMIN))
    api.say(QUESTION, ADMIN)
    await asyncio.to_thread(api.wait, lambda: not api.faults["sendMessage"])
    api.say(QUESTION, STAFF)

    first, second = await sent(api, 2)

    assert [first.parameters["chat_id"], second.parameters["chat_id"]] == [STAFF, ADMIN]


async def test_errors_of_the_server_are_outlasted(api, bot):
    """A 502 and a cut connection: the answer comes once, after them."""
    api.fail("sendMessage", Fault(502, "Bad Gateway"), Fault(cut=True))
    api.say(QUESTION, STAFF)

    (call,) = await sent(api)

    assert "70 người" in call.parameters["text"]


async def test_polling_outlasts_errors(api, bot):
    """After a 500 and a cut connection the next question is heard."""
    api.fail("getUpdates", Fault(500), Fault(cut=True))
    api.say("/start", STAFF)
    await sent(api)
    api.say(QUESTION, STAFF)

    assert len(await sent(api, 2)) == 2


async def test_an_error_is_a_code_to_the_chat(api, bot, caplog):
    """The log has the error under the code that the chat is given."""
    api.fail("sendMessage", Fault(400, "Bad Request: secret reason"))
    api.say(QUESTION, STAFF)

    (call,) = await sent(api)

    text = call.parameters["text"]
    code = text.rsplit(" ", 1)[1].rstrip(".")
    assert "Đã xảy ra lỗi khi xử lý yêu cầu này." in text
    assert "secret" not in text
    assert f"incident {code}" in caplog.text


async def test_who_blocked_the_bot_is_no_incident(api, bot, caplog):
    """Nothing is sent after, and nothing is logged as an error."""
    api.fail("sendMessage", Fault(403, "Forbidden: bot was blocked by the user", chat=STAFF))
    api.say(QUESTION, STAFF)
    api.say("/start", ADMIN)

    await sent(api, 1, chat=ADMIN)
    await asyncio.to_thread(api.wait, lambda: not api.faults["sendMessage"])

    assert api.sent(chat=STAFF) == []
    assert "incident" not in caplog.text


async def test_many_ask_at_once(api, bot):
    """Six in one chat and one in another: in order within the first, the other does not wait for it."""
    for _ in range(6):
        api.say(QUESTION, STAFF)
    api.say(QUESTION, ADMIN)

    (other,) = await sent(api, 1, chat=ADMIN)
    calls = await sent(api, 6, chat=STAFF)

    asked = [call.parameters["reply_parameters"]["message_id"] for call in calls]
    assert asked == sorted(asked)
    assert other.at < calls[-1].at
