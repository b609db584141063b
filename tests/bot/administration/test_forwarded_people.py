"""People added by forwarding a message of theirs."""

from __future__ import annotations

import pytest

from bot.messages.vi import VI
from bot.storage.state import Person
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.server import BOT, person


def of(user, **more):
    """The origin of a forwarded message of a user."""
    return {"forward_origin": {"type": "user", "date": 1, "sender_user": {**person(user), **more}}}


def carried(call):
    """What the one button of a message carries."""
    ((button,),) = call.parameters["reply_markup"]["inline_keyboard"]
    return button["callback_data"]


async def test_a_forwarded_message_asks_whether_to_add(api, bot):
    """Nobody is added before the button is pressed; then the audit log records it."""
    api.say("Cho tôi hỏi với", ADMIN, **of(STRANGER, first_name="Nguyễn", last_name="An"))
    (question,) = await sent(api, 1, chat=ADMIN)
    before = bot.role(STRANGER)
    api.press(carried(question), api.message_of(question), ADMIN)

    (edited,) = await sent(api, 1, "editMessageText")
    (welcome,) = await sent(api, 1, chat=STRANGER)

    assert welcome.parameters["text"] == f"{VI.welcome}\n\n{VI.start_html}"
    assert "Nguyễn An (mã 5555) chưa được cấp quyền" in question.parameters["text"]
    assert edited.parameters["text"] == "Đã cấp quyền cho Nguyễn An (mã 5555): nhân viên."
    assert (before, bot.role(STRANGER)) == (None, "staff")
    assert (bot.audit_log()[0].act, bot.audit_log()[0].actor, bot.audit_log()[0].subject) == (
        "add staff",
        ADMIN,
        STRANGER,
    )


@pytest.mark.parametrize("text", ["/moi quantri", "/xoa 77", ""])
async def test_whatever_was_forwarded(api, bot, text):
    """A command in a stranger's message is not the administrator's."""
    more = {} if text else {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
    api.say(text, ADMIN, **of(STRANGER), **more)

    (question,) = await sent(api, 1, chat=ADMIN)

    assert "5555" in question.parameters["text"]
    assert bot.role(STAFF) == "staff"


@pytest.mark.parametrize("text", ["/moi quantri", f"/xoa {STAFF}", "/naplai", "/nguon"])
async def test_a_forwarded_command_is_a_question(api, bot, text):
    """A forwarded command is never carried out, whoever wrote it."""
    trail = len(bot.audit_log())
    api.say(text, ADMIN, **of(STAFF))

    (call,) = await sent(api, 1, chat=ADMIN)

    assert VI.none in call.parameters["text"]
    assert bot.role(STAFF) == "staff"
    assert len(bot.audit_log()) == trail


async def test_a_forwarded_invitation_lets_nobody_in(api, bot):
    """It is followed, not forwarded."""
    code = bot.invite("staff", ADMIN, 3600)
    api.say(f"/start {code}", STRANGER, **of(ADMIN))

    await sent(api, 1, chat=STRANGER)

    assert bot.role(STRANGER) is None
    assert bot.redeem(code, STRANGER, "An", admins=[ADMIN]) == "staff"


async def test_a_hidden_sender_is_said(api, bot):
    """With the way that is left."""
    api.say("xin chào", ADMIN, forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "An"})

    (call,) = await sent(api, 1, chat=ADMIN)

    assert call.parameters["text"] == VI.administration.sender_hidden
    assert "/moi" in call.parameters["text"]


@pytest.mark.parametrize(
    "origin", [of(STAFF), of(ADMIN), {"forward_origin": {"type": "user", "date": 1, "sender_user": BOT}}]
)
async def test_what_is_no_newcomer_is_a_question(api, bot, origin):
    """From somebody with access, the administrator or a bot: it is answered as a question."""
    api.say(QUESTION, ADMIN, **origin)

    (call,) = await sent(api, 1, chat=ADMIN)

    assert "70 người" in call.parameters["text"]


async def test_staff_add_nobody(api, bot):
    """Their forwarded message is a question, and an administrator's button is not theirs, nor a group's."""
    api.say(QUESTION, STAFF, **of(STRANGER))
    (answer,) = await sent(api, 1, chat=STAFF)
    api.press(f"p:{STRANGER}:An", api.message_of(answer), STAFF)
    api.press(f"p:{STRANGER}:An", api.message_of(answer, GROUP), ADMIN)

    told = await sent(api, 2, "answerCallbackQuery")

    assert "70 người" in answer.parameters["text"]
    assert [call.parameters["text"] for call in told] == [VI.admins_only] * 2
    assert bot.role(STRANGER) is None


async def test_a_press_does_not_lower_a_role(api, bot):
    """Somebody who has become an administrator meanwhile stays one."""
    api.say("a", ADMIN, **of(STRANGER))
    (question,) = await sent(api, 1, chat=ADMIN)
    bot.add(Person(STRANGER, "admin", "An"), ADMIN)
    api.press(carried(question), api.message_of(question), ADMIN)

    (edited,) = await sent(api, 1, "editMessageText")

    assert "đã có quyền: quản trị viên" in edited.parameters["text"]
    assert bot.role(STRANGER) == "admin"


async def test_a_long_name_fits_its_button(api, bot):
    """64 bytes, cut between characters; the real server would refuse more."""
    api.say("a", ADMIN, **of(10**15, first_name="Nguyễn Thị " * 9))
    (question,) = await sent(api, 1, chat=ADMIN)
    api.press(carried(question), api.message_of(question), ADMIN)

    await sent(api, 1, "editMessageText")

    assert len(carried(question).encode()) <= 64
    assert any(each.user_id == 10**15 and each.name.startswith("Nguyễn Thị Nguyễn") for each in bot.people())
