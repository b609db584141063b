"""A message to everybody with access: confirmed, sent once to each, over restarts, and reported on."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages.vi import VI
from bot.storage.broadcasts import Broadcasts
from bot.storage.state import Person
from tests.bot.administration.test_reindex import texts
from tests.bot.administration.test_uploads import buttons
from tests.bot.conftest import ADMIN, STAFF, STRANGER, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.test_access import after
from tests.support.bot.call import Fault
from tests.support.waiting import soon

TEXT = "Hệ thống tạm dừng từ 17 giờ.\nXin cảm ơn <mọi người>."


def add(state, count):
    """So many people with access beside the usual one."""
    for number in range(count):
        state.add(Person(1000 + number, "staff", f"Người {number}"), ADMIN)
    return [1000 + number for number in range(count)]


async def confirmed(api):
    """A message that an administrator wrote and confirmed."""
    api.say(f"/thongbao {TEXT}", ADMIN)
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Gửi"], api.message_of(asked), ADMIN)
    await sent(api, 1, "editMessageText")
    return asked


async def test_everybody_receives_a_confirmed_message(api, bot):
    """As it was shown, with the number of people; and the report says that all did."""
    people = add(bot, 3)
    api.say(f"/thongbao {TEXT}", ADMIN)
    (asked,) = await sent(api, 1, chat=ADMIN)
    before = [call for call in api.sent() if call.parameters["chat_id"] != ADMIN]
    api.press(buttons(asked)["Gửi"], api.message_of(asked), ADMIN)

    report = (await texts(api, 2))[-1]

    received = [call.parameters["text"] for user in (*people, STAFF) for call in api.sent(chat=user)]
    assert before == []
    assert (
        received
        == ["<b>Thông báo của quản trị viên</b>\n\nHệ thống tạm dừng từ 17 giờ.\nXin cảm ơn &lt;mọi người&gt;."] * 4
    )
    assert asked.parameters["text"] == f"{received[0]}\n\nCó gửi thông báo trên đến 4 người không?"
    assert report == "Đã gửi thông báo đến 4/4 người."


def test_two_who_lead_for_a_moment_send_to_nobody_twice(state):
    """Whoever lost the lead notices within a second: each recipient is one's, and the report too."""
    broadcasts = Broadcasts(state)
    number = broadcasts.draft(TEXT, ADMIN)
    broadcasts.confirm(number, [STAFF])

    taken = [broadcasts.take(number, STAFF) for _ in range(2)]
    finished = [broadcasts.finish(number) for _ in range(2)]

    assert taken == finished == [True, False]


async def test_a_second_press_sends_nothing(api, bot):
    """Nor does one after it was cancelled."""
    asked = await confirmed(api)
    await texts(api, 2)
    api.press(buttons(asked)["Gửi"], api.message_of(asked), ADMIN)
    _, told = await sent(api, 2, "answerCallbackQuery")
    await after(api, bot, STAFF)

    assert told.parameters["text"] == VI.broadcast.decided
    assert len([call for call in api.sent(chat=STAFF) if "Thông báo" in call.parameters["text"]]) == 1


async def test_a_cancelled_message_is_not_sent(api, bot):
    """Its text is deleted."""
    api.say(f"/thongbao {TEXT}", ADMIN)
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Không gửi"], api.message_of(asked), ADMIN)
    (edited,) = await sent(api, 1, "editMessageText")
    with bot.transaction() as db:
        kept = db.execute("SELECT * FROM broadcasts").fetchall()

    assert edited.parameters["text"] == VI.broadcast.cancelled
    assert (kept, api.sent(chat=STAFF)) == ([], [])


async def test_who_was_not_reached_is_named(api, bot):
    """A person who blocked the bot."""
    (blocked,) = add(bot, 1)
    api.fail("sendMessage", Fault(403, "Forbidden: bot was blocked by the user", chat=blocked))
    api.say(f"/thongbao {TEXT}", ADMIN)
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Gửi"], api.message_of(asked), ADMIN)

    report = (await texts(api, 2))[-1]

    assert report.startswith("Đã gửi thông báo đến 1/2 người.\nKhông gửi được đến 1 người")
    assert report.endswith("• Người 0 (1000)")


async def test_a_restart_goes_on_and_doubles_nothing(api, config):
    """The bot ends while a message is on its way: nobody receives it twice, and the report says who may lack it."""
    async with running(config) as state:
        people = [STAFF, *add(state, 4)]
        api.fail("sendMessage", Fault(429, "Too Many Requests: retry after 3600", 3600, chat=people[2]))
        await confirmed(api)
        await sent(api, 1, chat=people[1])
        await soon(lambda: not api.faults["sendMessage"])
    async with running(config) as state:
        report = (await texts(api, 2))[-1]
        await soon(lambda: not Broadcasts(state).unfinished())

    received = [len(api.sent(chat=user)) for user in people]
    assert received == [1, 1, 0, 1, 1]
    assert report.startswith("Đã gửi thông báo đến 4/5 người.\nCó 1 người không rõ đã nhận được hay chưa")
    assert report.endswith("• Người 1 (1001)")


async def test_questions_are_answered_meanwhile(api, bot):
    """Two hundred messages wait for the server's limit of thirty a second; a question does not wait for them."""
    add(bot, 200)
    await confirmed(api)
    api.say(QUESTION, STAFF)

    await asyncio.to_thread(api.wait, lambda: any("70 người" in c.parameters["text"] for c in api.sent(chat=STAFF)))
    waiting = 201 - len({c.parameters["chat_id"] for c in api.sent() if "Thông báo" in c.parameters["text"]})

    assert waiting > 0


@pytest.mark.parametrize("text", ["", " ", "a" * 3501])
async def test_a_message_that_cannot_be(api, bot, text):
    """Nothing to send, or more than fits."""
    api.say(f"/thongbao {text}", ADMIN)

    (told,) = await texts(api, 1)

    assert told == VI.broadcast.usage.format(most=3500)


async def test_staff_write_to_nobody(api, bot):
    """Neither by the command nor by a button that was passed on."""
    api.say(f"/thongbao {TEXT}", STAFF)
    api.say(f"/thongbao {TEXT}", ADMIN)
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Gửi"], api.message_of(asked, STAFF), STAFF)
    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.admins_only
    assert [call.parameters["text"] for call in api.sent(chat=STAFF)] == [VI.admins_only]
    assert api.sent(chat=STRANGER) == []
