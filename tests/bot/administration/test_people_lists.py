"""The lists of people and of the audit log: pages, search, names and times."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.messages.vi import VI
from bot.storage.opening import open_state
from bot.storage.state import Person
from bot.storage.usage import Usage
from tests.bot.administration.test_request_notices import data_of, seen
from tests.bot.conftest import ADMIN, STAFF, Now
from tests.bot.conversation.test_questions import sent


def add(state, count):
    """So many people with access."""
    for number in range(count):
        state.add(Person(1000 + number, "staff", f"Nguyễn Văn {number:03}"), ADMIN)


async def test_people_are_paged(api, bot):
    """Everybody can be reached, twenty a page."""
    add(bot, 42)
    api.say("/nguoidung", ADMIN)
    (first,) = await sent(api, 1, chat=ADMIN)
    api.press(data_of(first, "▶"), api.message_of(first), ADMIN)
    (second,) = await sent(api, 1, "editMessageText")
    api.press(data_of(second, "▶"), api.message_of(second), ADMIN)
    _, third = await sent(api, 2, "editMessageText")

    listed = [line for page in (first, second, third) for line in seen(page).split("\n")[1:]]
    assert seen(first).startswith("Người dùng được cấp quyền: 44 (trang 1/3)")
    assert len(listed) == len(set(listed)) == 44
    assert [text for text in ("◀", "▶") if text in str(third.parameters["reply_markup"])] == ["◀"]


async def test_people_are_found_by_name_and_id(api, bot):
    """Without marks and capitals; the words stay when the page is turned."""
    add(bot, 42)
    bot.add(Person(6, "admin", "Bà <Bình>"), ADMIN)
    for words in ("bình", "van", "1007", "không có"):
        api.say(f"/nguoidung {words}", ADMIN)
    name, many, number, nobody = await sent(api, 4, chat=ADMIN)
    api.press(data_of(many, "▶"), api.message_of(many), ADMIN)
    (second,) = await sent(api, 1, "editMessageText")

    assert seen(name).split("\n")[1:] == ["6 · Bà <Bình> · quản trị viên"]
    assert seen(number).split("\n")[1:] == ["1007 · Nguyễn Văn 007 · nhân viên"]
    assert seen(second).startswith("Người dùng được cấp quyền: 42 (trang 2/3)")
    assert seen(nobody) == VI.access.nobody_found.format(words="khong co")


async def test_a_fixed_administrator_has_the_name_of_their_messages(api, bot):
    """Known once they have written."""
    api.say("/nguoidung", ADMIN)

    (page,) = await sent(api, 1, chat=ADMIN)

    assert "412 · Người 412 · quản trị viên (theo cấu hình)" in seen(page)


async def test_the_audit_log_is_paged_and_names_people(api, bot):
    """Also those who have left."""
    add(bot, 25)
    bot.remove(1024, ADMIN)
    api.say("/nhatky", ADMIN)
    (first,) = await sent(api, 1, chat=ADMIN)
    api.press(data_of(first, "▶"), api.message_of(first), ADMIN)
    (second,) = await sent(api, 1, "editMessageText")

    assert seen(first).split("\n")[1].endswith("Người 412 (412) thu hồi quyền của Nguyễn Văn 024 (1024)")
    assert len(seen(first).split("\n")) == 21
    assert seen(second).split("\n")[-1].endswith("cấp quyền nhân viên cho Nhân viên (77)")


async def test_staff_turn_no_page(api, bot):
    """An administrator's button, passed on."""
    add(bot, 30)
    api.say("/nguoidung", ADMIN)
    (page,) = await sent(api, 1, chat=ADMIN)
    api.press(data_of(page, "▶"), api.message_of(page, STAFF), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.admins_only


async def test_times_are_those_of_the_organisation(api, config, tmp_path, bot):
    """Hanoi's by default, wherever the machine stands."""
    with bot.transaction() as db:
        at = datetime(2026, 1, 31, 20, 30, tzinfo=UTC).timestamp()
        db.execute("UPDATE audit SET at = ?", (at,))
    api.say("/nhatky", ADMIN)

    (page,) = await sent(api, 1, chat=ADMIN)

    assert "01/02/2026 03:30 · " in seen(page)


def test_days_are_those_of_the_organisation(tmp_path):
    """A question at half past eight in the evening of London is of the next day in Hanoi."""
    now = Now(datetime(2026, 1, 31, 20, 30, tzinfo=UTC).timestamp())
    state = open_state(tmp_path / "state.sqlite", now=now)
    hanoi, london = (Usage(state, ZoneInfo(zone)) for zone in ("Asia/Ho_Chi_Minh", "Europe/London"))
    hanoi.record(5, "private", "found", {})

    days = [next(iter(usage.counts(usage.period(1)).by_day)) for usage in (hanoi, london)]

    assert [f"{day:%d/%m}" for day in days] == ["01/02", "31/01"]
    assert hanoi.period(1).since == datetime(2026, 1, 31, 17, tzinfo=UTC).timestamp()
    state.close()
