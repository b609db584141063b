"""Buttons: context, whole document and further places; also under old messages and after a restart."""

from __future__ import annotations

import os

import pytest

from retrieval.index.address import IndexAddress
from retrieval.index.opening import open_place
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from tests.bot.conftest import STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.markup import parse
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress
from tests.support.waiting import soon


def button(call, row, column):
    """What a button carries."""
    return call.parameters["reply_markup"]["inline_keyboard"][row][column]["callback_data"]


def labels(call):
    """The labels of a message's buttons, by rows."""
    return [[each["text"] for each in row] for row in call.parameters["reply_markup"]["inline_keyboard"]]


def labelled(call, label):
    """What the first button whose label begins so carries."""
    rows = call.parameters["reply_markup"]["inline_keyboard"]
    return next(each["callback_data"] for row in rows for each in row if each["text"].startswith(label))


def old_button(call, verb, place=0, step=0):
    """What a button carried that answers had before they were shown compactly."""
    return f"{verb}:{button(call, 0, 0).split(':')[1]}:{place}:{step}"


async def answered(api):
    """An answer to press buttons under."""
    api.say(QUESTION, STAFF)
    (answer,) = await sent(api)
    return answer


async def test_an_answer_has_one_row_for_what_it_shows(api, bot):
    """And one to rate it and to copy it: the sentence with its citation."""
    answer = await answered(api)

    copied = answer.parameters["reply_markup"]["inline_keyboard"][1][2]["copy_text"]["text"]
    assert labels(answer) == [["📄 Văn bản", "⤢ Ngữ cảnh", "Kết quả khác"], ["👍", "👎", "📋 Sao chép"]]
    assert copied == ("“Bệnh viện dã chiến cấp 2 có 70 người.” (Bệnh viện dã chiến (không rõ ngày), đoạn 1/5)")


async def test_the_context_of_a_quote(api, bot):
    """The paragraph and the one after it, each under its place; the press is answered before."""
    answer = await answered(api)
    api.press(labelled(answer, "⤢"), api.message_of(answer), STAFF)

    _, context = await sent(api, 2)
    (told,) = await sent(api, 1, "answerCallbackQuery")

    seen = parse(context.parameters["text"])
    assert seen.covered("ExpandableBlockQuote") == [
        "Bệnh viện dã chiến cấp 2 có 70 người.",
        "Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018.",
    ]
    assert seen.covered("Italic") == ["đoạn 2/5"]
    assert "text" not in told.parameters
    assert told.at <= context.at
    assert context.parameters["reply_parameters"]["message_id"] == answer.parameters["_message_id"]


async def test_turning_through_the_context(api, bot):
    """The message is edited in its place, forwards and backwards, and says where the document begins."""
    answer = await answered(api)
    api.press(labelled(answer, "⤢"), api.message_of(answer), STAFF)
    _, context = await sent(api, 2)
    api.press(labelled(context, "Đoạn sau"), api.message_of(context), STAFF)
    (second,) = await sent(api, 1, "editMessageText")
    api.press(labelled(second, "◀"), api.message_of(context), STAFF)
    _, first = await sent(api, 2, "editMessageText")
    api.press(labelled(first, "◀"), api.message_of(context), STAFF)
    *_, told = await sent(api, 4, "answerCallbackQuery")

    quoted = [parse(call.parameters["text"]).covered("ExpandableBlockQuote") for call in (second, first)]
    assert [len(quotes) for quotes in quoted] == [3, 2]
    assert quoted[0][1] == "Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018."
    assert quoted[1][0] == "Bệnh viện dã chiến cấp 2 có 70 người."
    assert second.parameters["message_id"] == context.parameters["_message_id"]
    assert told.parameters["text"] == "Đây là đoạn đầu của tài liệu."


async def test_the_paragraph_after(api, bot):
    """The button of an old message: a new message with its own buttons; the press is answered."""
    answer = await answered(api)
    api.press(old_button(answer, "s", 0, 1), api.message_of(answer), STAFF)

    _, paragraph = await sent(api, 2)

    assert "Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018." in parse(paragraph.parameters["text"]).text
    assert len(await sent(api, 1, "answerCallbackQuery")) == 1


async def test_turning_from_paragraph_to_paragraph(api, bot):
    """The message that an old one's button sent is edited in its place, forwards and backwards."""
    answer = await answered(api)
    api.press(old_button(answer, "s", 0, 1), api.message_of(answer), STAFF)
    _, paragraph = await sent(api, 2)
    api.press(button(paragraph, 0, 1), api.message_of(paragraph), STAFF)
    (third,) = await sent(api, 1, "editMessageText")
    api.press(button(third, 0, 0), api.message_of(paragraph), STAFF)

    _, second = await sent(api, 2, "editMessageText")

    assert "đoạn 3/5" in third.parameters["text"]
    assert "đoạn 2/5" in second.parameters["text"]
    assert second.parameters["message_id"] == paragraph.parameters["_message_id"]


async def test_the_document_ends(api, bot):
    """At the first paragraph the press is answered with a notice, without a message."""
    answer = await answered(api)
    api.press(old_button(answer, "s", 0, -1), api.message_of(answer), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == "Đây là đoạn đầu của tài liệu."


async def test_the_whole_document_is_its_file(api, bot, shared_home):
    """Byte for byte, under its own name, with its title."""
    answer = await answered(api)
    api.press(labelled(answer, "📄"), api.message_of(answer), STAFF)

    (sending,) = await sent(api, 1, "sendDocument")

    assert sending.files == {"benh-vien.txt": (shared_home.corpus / "benh-vien.txt").read_bytes()}
    assert sending.parameters["caption"] == "Bệnh viện dã chiến"


async def test_a_file_that_no_bot_may_send_is_not_read(api, bot, shared_home, monkeypatch):
    """One byte more than may be sent: the press says so, and nothing is sent."""
    monkeypatch.setattr("bot.search.search_service.LARGEST", (shared_home.corpus / "benh-vien.txt").stat().st_size - 1)
    answer = await answered(api)
    api.press(labelled(answer, "📄"), api.message_of(answer), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == "Tệp lớn hơn 50 MB nên không gửi được qua Telegram."
    assert api.sent("sendDocument") == []


async def test_more_results(api, bot):
    """The button of an old message: the next quotes in a message of their own, numbered on, the first of them open."""
    answer = await answered(api)
    api.press(old_button(answer, "m", 3), api.message_of(answer), STAFF)

    _, more = await sent(api, 2)

    first, second = (parse(call.parameters["text"]) for call in (answer, more))
    assert set(quotations(first)).isdisjoint(quotations(second))
    assert "4 · " in second.covered("Bold")[0]
    assert labels(more)[1] == ["2", "3", "▾ 4", "5", "6", "7"]


def quotations(seen):
    """What a message quotes, folded or not."""
    return [*seen.covered("BlockQuote"), *seen.covered("ExpandableBlockQuote")]


@pytest.mark.parametrize("verb", ["c", "d"])
async def test_a_second_press_sends_nothing(api, bot, verb):
    """Whoever is impatient gets one context, and one file; each press is answered."""
    answer = await answered(api)
    for _ in range(2):
        api.press(old_button(answer, verb), api.message_of(answer), STAFF)

    await sent(api, 2, "answerCallbackQuery")
    await soon(lambda: not bot.pending())

    assert len(api.sent()) + len(api.sent("sendDocument")) == 2


async def test_a_press_is_answered_before_anything_is_sent(api, bot):
    """However slow the server is: a press that is answered late is refused as too old."""
    answer = await answered(api)
    api.press(labelled(answer, "📄"), api.message_of(answer), STAFF)

    (file,), (told,) = await sent(api, 1, "sendDocument"), await sent(api, 1, "answerCallbackQuery")

    assert [call.method for call in api.calls if call in (file, told)] == ["answerCallbackQuery", "sendDocument"]


async def test_buttons_work_after_a_restart(api, config):
    """An old message's buttons find their passage in the state file."""
    async with running(config):
        answer = await answered(api)
    async with running(config):
        api.press(old_button(answer, "s", 0, 1), api.message_of(answer), STAFF)

        _, paragraph = await sent(api, 2)

    assert "đoạn 2/5" in paragraph.parameters["text"]


async def test_buttons_of_very_old_messages_work(api, bot):
    """Telegram no longer gives their contents; what would have been edited comes as a new message."""
    answer = await answered(api)
    data = old_button(answer, "v", 0, 1)
    old = {"chat": {"id": STAFF, "type": "private"}, "message_id": answer.parameters["_message_id"], "date": 0}
    api.press(data, old, STAFF)

    _, paragraph = await sent(api, 2)

    assert "đoạn 2/5" in paragraph.parameters["text"]


@pytest.mark.parametrize("data", ["s:unknown1:0:1", "s:x:999:1", "nonsense", "l:x", "m:::", "s:unknown1:0:99999999"])
async def test_an_unknown_button_says_so(api, bot, data):
    """Politely, and nothing else happens."""
    answer = await answered(api)
    api.press(data, api.message_of(answer), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == "Nút này không còn hiệu lực. Vui lòng gửi lại câu hỏi."
    assert len(api.sent()) == 1


async def test_a_changed_document_is_not_quoted(api, config, own_home):
    """Neither its next paragraph nor its file."""
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        answer = await answered(api)
        (own_home.corpus / "benh-vien.txt").write_text("Khác hẳn", encoding="utf-8")
        api.press(labelled(answer, "⤢"), api.message_of(answer), STAFF)
        api.press(labelled(answer, "📄"), api.message_of(answer), STAFF)

        step, whole = await sent(api, 2, "answerCallbackQuery")

    assert "đã thay đổi" in step.parameters["text"]
    assert "Không gửi được tài liệu này" in whole.parameters["text"]
    assert api.sent("sendDocument") == []


@pytest.mark.parametrize("what", ["a pipe", "a folder"])
async def test_the_file_of_a_kept_version_is_not_sent(api, config, own_home, what):
    """The retained version is quoted with a remark; the file's present state neither blocks nor fails the search."""
    file = own_home.corpus / "benh-vien.txt"
    file.unlink()
    os.mkfifo(file) if what == "a pipe" else file.mkdir()
    closed = Refusal("benh-vien.txt", "a document must be readable")
    others = [entry for entry in walk([own_home.corpus]) if isinstance(entry, Document)]
    open_place(own_home.index).build(
        [closed, *others], BagEncoder(), root=own_home.corpus, model=None, progress=SilentProgress()
    )
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        answer = await answered(api)
        api.press(labelled(answer, "📄"), api.message_of(answer), STAFF)

        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "bản trước" in answer.parameters["text"]
    assert "Không gửi được tài liệu này" in told.parameters["text"]
    assert api.sent("sendDocument") == []


async def test_no_button_carries_more_than_64_bytes(api, bot):
    """The server would refuse the whole message."""
    answer = await answered(api)

    rows = answer.parameters["reply_markup"]["inline_keyboard"]
    assert max(len(each.get("callback_data", "").encode()) for row in rows for each in row) <= 64
