"""Strangers ask, administrators are told once and decide, and everybody hears what was decided."""

from __future__ import annotations

import pytest

from bot.messages.vi import VI
from bot.storage.access_requests import AccessRequests
from bot.storage.state import Person
from tests.bot.administration.test_uploads import buttons
from tests.bot.conftest import ADMIN, STAFF, STRANGER, Now, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.test_access import after
from tests.bot.transport.test_redelivery import settled
from tests.support.bot.call import Fault
from tests.support.bot.markup import parse

SECOND = 413
DAY = 86_400.0
BLOCKED = Fault(403, "Forbidden: bot can't initiate conversation with a user", chat=STRANGER)


def seen(call):
    """A message as its reader sees it."""
    return parse(call.parameters["text"]).text


def data_of(call, label):
    """What the first button of this label carries."""
    return next(data for text, data in buttons(call).items() if text.startswith(label))


async def asked(api, user=STRANGER):
    """The notice to the administrator about one stranger who wrote."""
    api.say("Xin được sử dụng", user)
    (notice,) = await sent(api, 1, chat=ADMIN)
    return notice


async def test_an_id_lets_its_user_in(api, bot):
    """`/moi 5555`, under the name that their message gave; they are welcomed as by an invitation."""
    await asked(api)
    api.say(f"/moi {STRANGER}", ADMIN)

    _, done = await sent(api, 2, chat=ADMIN)
    _, welcome = await sent(api, 2, chat=STRANGER)

    assert done.parameters["text"] == "Đã cấp quyền cho Người 5555 (mã 5555): nhân viên."
    assert welcome.parameters["text"] == f"{VI.welcome}\n\n{VI.start_html}"
    assert bot.role(STRANGER) == "staff"


async def test_a_stranger_is_announced_once(api, bot):
    """Whatever and however often they write; they are told that their request was passed on."""
    for text in (QUESTION, "/start", "xin chào"):
        api.say(text, STRANGER)
    (told,) = await after(api, bot, STRANGER)

    (notice,) = await sent(api, 1, chat=ADMIN)

    assert told.endswith("Yêu cầu này được chuyển đến quản trị viên.")
    assert seen(notice).split("\n") == ["Yêu cầu cấp quyền sử dụng hệ thống: 1", "• Người 5555 (5555)"]
    assert list(buttons(notice)) == ["Cấp quyền: Người 5555", "Từ chối"]


async def test_many_strangers_are_announced_together(api, config):
    """The first at once, all who come meanwhile in one message that lists eight and counts the rest."""
    async with running(config, notice_pause=5.0) as state:
        await asked(api)
        for user in range(6000, 6020):
            api.say("xin chào", user)
        await after(api, state, STRANGER)

        _, bundle = await sent(api, 2, chat=ADMIN)
        count = len(api.sent(chat=ADMIN))

    assert seen(bundle).startswith("Yêu cầu cấp quyền sử dụng hệ thống: 20\n• Người 6000 (6000)")
    assert seen(bundle).endswith("… và 12 yêu cầu khác: /xinquyen")
    assert len(bundle.parameters["reply_markup"]["inline_keyboard"]) == 8
    assert count == 2


async def test_the_waiting_requests_are_paged(api, bot):
    """`/xinquyen` lists eight, and a button leads to the rest."""
    for user in range(6000, 6010):
        AccessRequests(bot).record(user, f"An {user}", "vi")
    api.say("/xinquyen", ADMIN)
    (page,) = await sent(api, 1, chat=ADMIN)
    api.press(data_of(page, "▶"), api.message_of(page), ADMIN)

    (second,) = await sent(api, 1, "editMessageText")

    assert "• An 6000 (6000)" in seen(page)
    assert seen(second).split("\n")[1:] == ["• An 6008 (6008)", "• An 6009 (6009)"]


async def test_the_second_administrator_is_told_that_it_was_done(api, config):
    """Both have the button; one person is let in, by the first, and welcomed once."""
    async with running(config) as state:
        state.add(Person(SECOND, "admin", "Bà Bình"), ADMIN)
        notice = await asked(api)
        (copy,) = await sent(api, 1, chat=SECOND)
        api.press(data_of(copy, "Cấp quyền"), api.message_of(copy), SECOND)
        await sent(api, 1, "answerCallbackQuery")
        api.press(data_of(notice, "Cấp quyền"), api.message_of(notice), ADMIN)
        _, told = await sent(api, 2, "answerCallbackQuery")
        edited = api.sent("editMessageText")[-1]
        await settled(state)
        by = state.added_by(STRANGER)

    assert told.parameters["text"] == "Người 5555 (5555): đã được cấp quyền (người thực hiện: Người 413 (413))"
    assert told.parameters["text"] in seen(edited)
    assert "reply_markup" not in edited.parameters or not edited.parameters["reply_markup"]["inline_keyboard"]
    assert len(api.sent(chat=STRANGER)) == 2
    assert by == SECOND


async def test_a_refused_stranger_is_told_why_and_once(api, bot):
    """The reason that the administrator chose; then a day of silence for both."""
    notice = await asked(api)
    api.press(data_of(notice, "Từ chối"), api.message_of(notice), ADMIN)
    (reasons,) = await sent(api, 1, "editMessageText")
    api.press(data_of(reasons, "Lý do: hệ thống"), api.message_of(reasons), ADMIN)
    await sent(api, 2, "editMessageText")
    for text in ("xin chào", "/start"):
        api.say(text, STRANGER)

    _, refusal = await after(api, bot, STRANGER)

    assert refusal.startswith("Yêu cầu sử dụng hệ thống của tài khoản này chưa được chấp thuận. Lý do: hệ thống chỉ")
    assert len(api.sent(chat=ADMIN)) == 1
    assert bot.role(STRANGER) is None


async def test_staff_decide_nothing(api, bot):
    """An administrator's button, passed on."""
    notice = await asked(api)
    api.press(data_of(notice, "Cấp quyền"), api.message_of(notice, STAFF), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.admins_only
    assert bot.role(STRANGER) is None


async def test_who_cannot_be_told_is_said(api, bot):
    """A person who never started the bot: let in all the same, and the administrator knows what to do."""
    api.fail("sendMessage", BLOCKED)
    api.say(f"/moi {STRANGER}", ADMIN)

    (done,) = await sent(api, 1, chat=ADMIN)

    assert "Chưa báo được cho người này" in done.parameters["text"]
    assert "https://t.me/trichdan_test_bot" in done.parameters["text"]
    assert bot.role(STRANGER) == "staff"


async def test_requests_of_before_a_restart_are_announced(api, config):
    """A stranger wrote, and the bot ended before the notice was due."""
    async with running(config) as state:
        await asked(api)
        api.say("xin chào", 6001)
        await settled(state)
        await sent(api, 1, chat=6001)
    async with running(config):
        _, notice = await sent(api, 2, chat=ADMIN)

    assert "Người 6001" in seen(notice)


def test_a_stranger_is_announced_again_after_a_day(state, now: Now):
    """Not before, and not within a day of a refusal."""
    requests = AccessRequests(state)
    requests.record(7, "An", "vi")
    requests.bundle([7])
    now.time += DAY - 60
    requests.record(7, "An", "vi")
    same_day = requests.unannounced()
    requests.decide(7, "refused", ADMIN)
    now.time += 120
    refused = requests.record(7, "An", "vi")
    now.time += DAY

    again = requests.record(7, "An", "vi")

    assert (same_day, refused, again) == ([], False, True)
    assert [each.user_id for each in requests.unannounced()] == [7]


def test_a_flood_of_strangers_fills_nothing(state, now: Now):
    """Five hundred a day are kept; the oldest make room, a day later."""
    requests = AccessRequests(state)
    kept = [requests.record(user, "An", "vi") for user in range(1, 700)]
    now.time += DAY + 1

    later = requests.record(1000, "An", "vi")

    assert (sum(kept), later, len(requests.undecided())) == (500, True, 500)


@pytest.mark.parametrize("name", ["\ud800An", "A" * 100_000, "An\n\tBình"])
def test_any_name_can_be_kept(state, name):
    """On one line and of a bounded length, whatever the update said."""
    AccessRequests(state).record(7, name, "vi")

    (request,) = AccessRequests(state).undecided()

    assert len(request.name) <= 130
    assert "\n" not in request.name
