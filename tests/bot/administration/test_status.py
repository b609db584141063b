"""/trangthai: how the bot is doing, for administrators, on a phone."""

from __future__ import annotations

import html
from importlib.metadata import version

import pytest

from bot.administration.status import _duration
from bot.messages.vi import VI
from retrieval.index.address import IndexAddress
from retrieval.index.local.generations import generation
from tests.bot.conftest import ADMIN, GROUP, STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.transport.test_redelivery import settled
from tests.support.bot.call import Fault
from tests.support.bot.markup import parse


def table(call):
    """Name -> value of each line."""
    lines = parse(call.parameters["text"]).text.split("\n")
    column = max(len(name) for name in ("Đang xử lý", "Chờ gửi lại")) + 1
    return {line[:column].strip(): line[column:] for line in lines}


async def test_the_status_tells_what_was_done(api, bot, shared_home):
    """After two answers: their number, the index they came from, and that nothing is waiting."""
    api.say(QUESTION, STAFF)
    await sent(api, 1)
    api.say(QUESTION, STAFF)
    await sent(api, 2)
    await settled(bot)  # an answer is counted when it is over, which is after it has come
    api.say("/trangthai", ADMIN)

    (call,) = await sent(api, 1, chat=ADMIN)

    told = table(call)
    live = generation.live_folder(shared_home.index)
    assert told["Số câu đo"] == "2"
    assert told["Đang chờ"] == told["Đang xử lý"] == told["Chờ gửi lại"] == told["Lỗi 429"] == "0"
    assert told["Chỉ mục"] == live.name[-6:]
    assert (told["Tài liệu"], told["Đoạn văn"]) == ("2", str(generation.read_manifest(live).passages))
    assert told["Phiên bản"] == version("trichdan")
    assert told["Đã chạy"] == "0 phút"


async def test_the_lines_are_aligned_and_short(api, bot):
    """One column of names, one of values, in a fixed-width block that a phone does not wrap."""
    api.say("/trangthai", ADMIN)

    (call,) = await sent(api, 1, chat=ADMIN)

    (block,) = parse(call.parameters["text"]).covered("Pre")
    assert max(map(len, block.split("\n"))) <= 32
    assert {line[11:12] for line in block.split("\n")} == {" "}
    assert not any(line[12:13] == " " for line in block.split("\n"))


async def test_incidents_and_429s_are_counted(api, bot):
    """With the code of the last incident, as sent to the chat."""
    api.fail("sendMessage", Fault(429, "Too Many Requests", retry_after=1, chat=STAFF))
    api.fail("sendMessage", Fault(400, "Bad Request: x", chat=STAFF))
    api.say(QUESTION, STAFF)
    (told,) = await sent(api, 1, chat=STAFF)
    code = told.parameters["text"].rsplit(" ", 1)[1].rstrip(".")
    api.say("/trangthai", ADMIN)

    (call,) = await sent(api, 1, chat=ADMIN)

    assert (table(call)["Sự cố"], table(call)["Lỗi 429"]) == (f"1 ({code})", "1")


async def test_a_broken_index_does_not_hide_the_rest(api, config, own_home):
    """The line of the index says so; the others are there."""
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        (own_home.index / "CURRENT").write_text("nowhere")
        api.say("/trangthai", ADMIN)

        (call,) = await sent(api, 1, chat=ADMIN)

    told = html.unescape(call.parameters["text"])
    assert "không mở được (" in told
    assert "Phiên bản" in told


@pytest.mark.parametrize("command", ["/trangthai", "/naplai"])
async def test_upkeep_is_for_administrators_in_private(api, bot, command):
    """Staff are refused; in a group an administrator is referred to the private chat."""
    api.say(command, STAFF)
    api.say(command, ADMIN, GROUP)

    (staff,), (group,) = await sent(api, 1, chat=STAFF), await sent(api, 1, chat=GROUP)

    assert staff.parameters["text"] == VI.admins_only
    assert group.parameters["text"] == VI.private_only


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(59, "0 phút"), (3 * 60, "3 phút"), (3600 + 60, "1 giờ 1 phút"), (2 * 86_400 + 3 * 3600 + 59, "2 ngày 3 giờ")],
)
def test_a_time_is_said_in_its_largest_units(seconds, said):
    """Two of them at most."""
    assert _duration(seconds, VI.administration) == said
