"""Who may ask, and how administrators decide it in the chat."""

from __future__ import annotations

import asyncio

import pytest

from bot.messages.vi import VI
from bot.storage.ratings import Ratings
from bot.storage.state import Person
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER
from tests.bot.conversation.test_feedback import answered, data_of
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.transport.test_redelivery import settled
from tests.support.bot.call import Fault
from tests.support.bot.server import person


async def after(api, bot, chat):
    """The texts sent to a chat once everything that was said before is handled, in whatever chat."""
    api.say("/start", STAFF)
    await sent(api, 1, chat=STAFF)
    await settled(bot)
    return [call.parameters["text"] for call in api.sent(chat=chat)]


async def test_a_stranger_gets_one_sentence_an_hour(api, bot):
    """With their own id and nothing of the documents, whatever they send."""
    for text in (QUESTION, "/nguon", "/start", "/nhatky", "/xoa 77"):
        api.say(text, STRANGER)

    (sentence,) = await after(api, bot, STRANGER)

    assert sentence.startswith("Tài khoản này chưa được cấp quyền sử dụng hệ thống. Mã người dùng: 5555.")


async def test_a_strangers_press_shows_nothing(api, bot):
    """A button under a forwarded answer is judged by who presses it."""
    api.say(QUESTION, STAFF)
    (answer,) = await sent(api)
    data = answer.parameters["reply_markup"]["inline_keyboard"][0][1]["callback_data"]
    api.press(data, api.message_of(answer), STRANGER)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "5555" in told.parameters["text"]
    assert len(api.sent()) == 1


async def test_a_strangers_late_press_rates_nothing(api, bot):
    """The refusal cannot be shown any more, and the press still ends at the gate: nothing stored, nothing said."""
    mention = {"type": "mention", "offset": 0, "length": 18}
    answer = await answered(api, f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[mention])
    api.fail(
        "answerCallbackQuery",
        Fault(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    )
    api.press(data_of(answer, "👎"), api.message_of(answer), STRANGER)
    await asyncio.to_thread(api.wait, lambda: not api.faults["answerCallbackQuery"])
    await settled(bot)

    assert Ratings(bot).counts(0).downs == {}
    assert len(api.sent()) == 1


async def test_a_refused_update_leaves_no_row(api, bot):
    """Strangers write as much as they like, and the table of updates does not grow."""
    for _ in range(3):
        api.say("xin chào", STRANGER)
    await sent(api, chat=STRANGER)
    api.say(QUESTION, STAFF)
    await sent(api, chat=STAFF)

    await settled(bot)

    with bot.transaction() as db:
        assert db.execute("SELECT count(*) FROM updates").fetchone() == (1,)


async def test_a_refusal_that_cannot_be_sent_still_refuses(api, bot):
    """The server takes no message; the gate stays shut, and no handler answers the stranger's command."""
    api.fail("sendMessage", Fault(400, "Bad Request: not enough rights to send text messages to the chat"))
    api.say("/start", STRANGER)
    await asyncio.to_thread(api.wait, lambda: not api.faults["sendMessage"])
    await settled(bot)

    assert not [call for call in api.sent(chat=STRANGER) if "tra cứu tài liệu" in call.parameters["text"]]


async def test_an_invitation_lets_one_person_in(api, bot):
    """The link is good once; the second gets no access."""
    api.say("/moi", ADMIN)
    (invitation,) = await sent(api, chat=ADMIN)
    link = invitation.parameters["text"].split()[-1]
    code = link.partition("?start=")[2]
    api.say(f"/start {code}", STRANGER)
    (welcome,) = await sent(api, chat=STRANGER)
    api.say(f"/start {code}", 6666)
    (refusal,) = await sent(api, chat=6666)

    assert link.startswith("https://t.me/trichdan_test_bot?start=")
    assert len(code) <= 64
    assert "Đã cấp quyền" in welcome.parameters["text"]
    assert "đã được sử dụng" in refusal.parameters["text"]
    assert (bot.role(STRANGER), bot.role(6666)) == ("staff", None)


async def test_the_maker_of_an_invitation_hears_who_used_it(api, bot):
    """By name and id."""
    api.say(f"/start {bot.invite('staff', ADMIN, 60)}", STRANGER)

    (told,) = await sent(api, 1, chat=ADMIN)

    assert told.parameters["text"] == "Người 5555 (5555) đã dùng liên kết mời và được cấp quyền: nhân viên."


async def test_a_new_administrator_has_the_menu_until_they_are_removed(api, bot):
    """In both languages, without a restart."""
    await sent(api, 4, "setMyCommands")  # those of the start
    api.say(f"/start {bot.invite('admin', ADMIN, 60)}", STRANGER)
    await sent(api, 2)
    api.say(f"/xoa {STRANGER}", ADMIN)
    gone = await sent(api, 2, "deleteMyCommands")

    own = [
        call for call in api.sent("setMyCommands") if (call.parameters.get("scope") or {}).get("chat_id") == STRANGER
    ]
    assert [any(each["command"] == "naplai" for each in call.parameters["commands"]) for call in own] == [True, True]
    assert [call.parameters["scope"]["chat_id"] for call in gone] == [STRANGER, STRANGER]


async def test_a_refused_stranger_may_still_redeem(api, bot):
    """The hour of silence does not lock out somebody who is invited now."""
    api.say("xin chào", STRANGER)
    await sent(api, chat=STRANGER)
    api.say(f"/start {bot.invite('admin', ADMIN, 60)}", STRANGER)

    await sent(api, 2, chat=STRANGER)

    assert bot.role(STRANGER) == "admin"


async def test_a_contact_adds(api, bot):
    """Sent by an administrator it adds and welcomes; by staff it does nothing."""
    api.say("", STAFF, contact={"phone_number": "1", "first_name": "B", "user_id": 6666})
    await sent(api, chat=STAFF)
    api.say("", ADMIN, contact={"phone_number": "1", "first_name": "An", "user_id": STRANGER})

    (added,) = await sent(api, chat=ADMIN)
    (welcome,) = await sent(api, chat=STRANGER)

    assert welcome.parameters["text"] == f"{VI.welcome}\n\n{VI.start_html}"
    assert added.parameters["text"] == "Đã cấp quyền cho An (mã 5555): nhân viên."
    assert (bot.role(STRANGER), bot.role(6666)) == ("staff", None)


async def test_a_forwarded_contact_changes_nothing_until_a_button_is_pressed(api, bot):
    """Whoever sent it wrote the name on it, so neither the button nor the confirmation repeats that name."""
    contact = {"phone_number": "1", "first_name": "Nguyễn Văn A (Vụ 1)", "user_id": STRANGER}
    origin = {"type": "user", "date": 1, "sender_user": person(STRANGER)}
    api.say("", ADMIN, contact=contact, forward_origin=origin)
    (question,) = await sent(api, 1, chat=ADMIN)
    before = bot.role(STRANGER)
    ((button,),) = question.parameters["reply_markup"]["inline_keyboard"]
    api.press(button["callback_data"], api.message_of(question), ADMIN)
    (edited,) = await sent(api, 1, "editMessageText")

    assert (before, bot.role(STRANGER)) == (None, "staff")
    assert "Nguyễn Văn A (Vụ 1), mã 5555. Tên này do người gửi ghi" in question.parameters["text"]
    assert edited.parameters["text"] == "Đã cấp quyền cho 5555 (mã 5555): nhân viên."


async def test_a_contact_without_an_account_adds_nobody(api, bot):
    """A telephone number alone; says how else to let somebody in."""
    api.say("", ADMIN, contact={"phone_number": "1", "first_name": "An"})

    (said,) = await sent(api, chat=ADMIN)

    assert said.parameters["text"] == (
        "Thông tin liên hệ này không gắn với tài khoản Telegram nào. Vui lòng dùng /moi để tạo liên kết mời."
    )


async def test_removal_works_at_once(api, bot):
    """The one removed is told, and their next question is a stranger's."""
    api.say(f"/xoa {STAFF}", ADMIN)
    (said,) = await sent(api, chat=ADMIN)
    api.say(QUESTION, STAFF)

    told, refusal = await sent(api, 2, chat=STAFF)

    assert told.parameters["text"] == VI.access.you_were_removed
    assert said.parameters["text"] == "Đã thu hồi quyền của người dùng 77."
    assert "chưa được cấp quyền" in refusal.parameters["text"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/xoa", "Vui lòng nhập mã người dùng"),
        ("/xoa an", "Vui lòng nhập mã người dùng"),
        ("/xoa 999", "không có trong danh sách"),
        (f"/xoa {ADMIN}", "Không thu hồi được quyền"),
    ],
)
async def test_a_removal_that_cannot_be(api, bot, command, sentence):
    """Says what is wrong; an administrator by setting stays one."""
    api.say(command, ADMIN)

    (said,) = await sent(api, chat=ADMIN)

    assert sentence in said.parameters["text"]


async def test_the_lists_of_an_administrator(api, bot):
    """Everybody with their role, and who gave it to whom."""
    bot.add(Person(6, "admin", "Bà <Bình>"), ADMIN)
    api.say("/nguoidung", ADMIN)
    api.say("/nhatky", ADMIN)

    people, trail = await sent(api, 2, chat=ADMIN)

    assert people.parameters["text"].split("\n") == [
        "<b>Người dùng được cấp quyền: 3</b>",
        "412 · Người 412 · quản trị viên (theo cấu hình)",
        "6 · Bà &lt;Bình&gt; · quản trị viên",
        "77 · Nhân viên · nhân viên",
    ]
    assert (
        trail.parameters["text"]
        .split("\n")[1]
        .endswith("Người 412 (412) cấp quyền quản trị viên cho Bà &lt;Bình&gt; (6)")
    )


@pytest.mark.parametrize("command", ["/moi", "/nguoidung", "/xoa 412", "/nhatky"])
async def test_staff_give_no_rights(api, bot, command):
    """The commands are there and refuse."""
    api.say(command, STAFF)

    (said,) = await sent(api, chat=STAFF)

    assert said.parameters["text"] == "Lệnh này chỉ dành cho quản trị viên."


async def test_rights_are_not_given_where_others_read(api, bot):
    """An invitation link in a group would be anybody's."""
    api.say("/moi", ADMIN, GROUP)

    (said,) = await sent(api, chat=GROUP)

    assert "t.me" not in said.parameters["text"]


async def test_unanswered_edits_and_channels_are_ignored(api, bot):
    """Not even refused: an edit changes an answer that was given, and gives none."""
    message = {"message_id": 1, "date": 1, "chat": {"id": STAFF, "type": "private"}, "from": person(STAFF)}
    api.push(edited_message={**message, "text": QUESTION, "edit_date": 2})
    api.push(channel_post={"message_id": 1, "date": 1, "chat": {"id": -3, "type": "channel"}, "text": QUESTION})

    await asyncio.to_thread(api.wait, lambda: api.confirmed > 1001)
    texts = await after(api, bot, STAFF)

    assert len(texts) == 1
