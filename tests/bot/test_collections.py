"""Who may not see a document learns nothing of it: answers, buttons, lists, files, in private and in groups."""

from __future__ import annotations

import pytest

from bot.settings.visibility import read_visibility
from bot.storage.state import StoredPassage
from retrieval.answering import NOT_FOUND
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, GROUP, STAFF, Home, running
from tests.bot.conversation.test_buttons import button
from tests.bot.conversation.test_questions import sent
from tests.support.bot.server import BOT
from tests.support.corpus import build_index
from tests.support.document_makers import zip_of
from tests.support.encoders import BagEncoder

FILES = {
    "gioi-thieu.txt": "Giới thiệu cơ quan\n\nCơ quan có 70 người làm việc.\n\nTrụ sở ở Hà Nội.",
    "mat/luong.txt": "Bảng lương kín\n\nCơ quan có 70 người hưởng lương kín.\n\nLương kín trả ngày 5.",
    "mat/tuyen.txt": "Tuyển dụng kín\n\nCơ quan sẽ tuyển 12 người trong đợt kín.",
    "cong-khai/lich.txt": "Lịch tiếp dân\n\nCơ quan có 7 người tiếp dân vào thứ hai.",
}
SETTING = "staff=chung,cong-khai; -1001=cong-khai,mat"
QUESTION = "Cơ quan có bao nhiêu người hưởng lương kín?"
MENTION = {"type": "mention", "offset": 0, "length": 18}
HIDDEN = ("kín", "luong", "tuyen", "mat/")


@pytest.fixture(scope="module")
def shelved_home(tmp_path_factory):
    """Four documents: one in the root, two of a closed collection, one of a public one. Not to be written to."""
    folder = tmp_path_factory.mktemp("shelved")
    home = Home(folder / "corpus", folder / "index")
    for name, text in FILES.items():
        path = home.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())
    return home


@pytest.fixture
def shelved(config, shelved_home):
    """Settings by which the staff see the root and the public collection, and the group the public one."""
    return config.model_copy(
        update={"index": IndexAddress(shelved_home.index), "collections": read_visibility(SETTING)}
    )


@pytest.fixture
async def bot(shelved):
    """The bot with these settings, running; the state it works on."""
    async with running(shelved) as state:
        yield state


def everything_sent(api):
    """All that the server was sent after the question, as one text."""
    return " ".join(str((call.parameters, call.files)) for call in api.calls if call.method != "getUpdates").lower()


async def test_an_answer_holds_what_its_reader_may_see(api, bot):
    """The administrator is given the closed document; the staff the others, and no trace of it."""
    api.say("Cơ quan có 70 người làm việc?", STAFF)
    (staff,) = await sent(api, chat=STAFF)
    api.say(QUESTION, STAFF)
    _, unanswered = await sent(api, 2, chat=STAFF)
    api.say(QUESTION, ADMIN)
    (admin,) = await sent(api, chat=ADMIN)

    # The asker's own words, as they would be said if there were no closed document.
    said = "Không tài liệu nào có “hưởng lương kín”."
    assert unanswered.parameters["text"].startswith(f"{NOT_FOUND}\n\n{said}")
    assert "kín" not in unanswered.parameters["text"].replace(said, "")
    assert "hưởng lương kín" in admin.parameters["text"]
    assert "70 người làm việc" in staff.parameters["text"]
    assert "lương kín" not in staff.parameters["text"]
    opened = await opened_places(api, staff)
    # A number for each of the passages that they may see beyond the first.
    assert len(opened.parameters["reply_markup"]["inline_keyboard"][1]) == 2
    assert "lương kín" not in opened.parameters["text"]


async def opened_places(api, answer):
    """The message with a further place open."""
    api.press(button(answer, 0, 2), api.message_of(answer), STAFF)
    return (await sent(api, 1, "editMessageText"))[-1]


async def test_a_group_shows_what_is_open_to_it_and_to_who_asks(api, bot):
    """Staff are shown the public collection, though the group opens a closed one too; the root is not open to it."""
    api.say("@trichdan_test_bot Cơ quan có 7 người tiếp dân vào thứ hai?", STAFF, GROUP, entities=[MENTION])

    (call,) = await sent(api, chat=GROUP)

    assert "Cơ quan có 7 người tiếp dân vào thứ hai." in call.parameters["text"]
    assert "làm việc" not in call.parameters["text"]
    assert "lương kín" not in call.parameters["text"]


async def test_a_group_does_not_show_all_that_an_administrator_may_see(api, bot):
    """Everybody in the group reads the answer, so that of an administrator keeps to what the group may see."""
    api.say(f"@trichdan_test_bot {QUESTION}", ADMIN, GROUP, entities=[MENTION])

    (call,) = await sent(api, chat=GROUP)

    assert "hưởng lương kín" in call.parameters["text"]
    assert "làm việc" not in call.parameters["text"]


async def test_a_group_that_nothing_is_opened_to_is_told_so(api, shelved):
    """Not that the documents do not answer; and nothing is searched."""
    async with running(shelved.model_copy(update={"groups": (GROUP, -1002)})):
        api.say(f"@trichdan_test_bot {QUESTION}", STAFF, -1002, entities=[MENTION])

        (call,) = await sent(api, chat=-1002)

    assert call.parameters["text"] == (
        "Chưa có tài liệu nào được mở để tra cứu tại đây. Vui lòng liên hệ quản trị viên."
    )


@pytest.mark.parametrize("verb", ["s", "v", "d", "m", "e", "c", "w"])
async def test_a_button_under_an_old_message_shows_nothing_closed(api, bot, verb):
    """
    Whatever it does, and though its message once held the document: what is said is what is said of a document that
    is gone, word for word.
    """
    closed, gone = (
        bot.store_answer(STAFF, [StoredPassage(f"{name}#1", "0" * 12, 0, 0)] * 2)
        for name in ("mat/luong.txt", "x/x.txt")
    )
    message = {"chat": {"id": STAFF, "type": "private"}, "message_id": 1, "date": 1, "from": BOT, "text": "…"}
    for answer_id in (closed, gone):
        api.press(f"{verb}:{answer_id}:0:0", message, STAFF)

    said = await sent(api, 2, "answerCallbackQuery")

    assert said[0].parameters["text"] == said[1].parameters["text"] != ""
    assert said[0].parameters["show_alert"] == said[1].parameters["show_alert"]
    assert api.sent() == api.sent("sendDocument") == api.sent("editMessageText") == []


async def test_of_an_archive_is_sent_the_archive_to_who_may_see_it(api, config, tmp_path):
    """One in the root is common to all, all of it; one in a closed folder is closed, all of it."""
    home, archives = Home(tmp_path / "corpus", tmp_path / "index"), {}
    (home.corpus / "mat").mkdir(parents=True)
    for name in ("cu.zip", "mat/kin.zip"):
        archives[name] = zip_of({"phong/a.txt": f"Tên gọi\n\nCơ quan trong {name} có 70 người.".encode()})
        (home.corpus / name).write_bytes(archives[name])
    build_index(home.corpus, home.index, BagEncoder())
    settings = {"index": IndexAddress(home.index), "collections": read_visibility("staff=chung")}
    async with running(config.model_copy(update=settings)) as state:
        answers = [
            state.store_answer(STAFF, [StoredPassage(f"{name}/phong/a.txt#1", "0" * 12, 0, 0)]) for name in archives
        ]
        message = {"chat": {"id": STAFF, "type": "private"}, "message_id": 1, "date": 1, "from": BOT, "text": "…"}
        for answer_id in answers:
            api.press(f"d:{answer_id}:0:0", message, STAFF)
        api.say("/nguon", STAFF)

        (call,) = await sent(api, chat=STAFF)

    (document,) = api.sent("sendDocument")
    assert list(document.files.values()) == [archives["cu.zip"]]
    assert "1 tài liệu" in call.parameters["text"]


async def test_who_no_longer_may_see_it_cannot_go_on_reading(api, bot):
    """An administrator who became staff presses the button of an answer of before."""
    api.say(QUESTION, ADMIN)
    (answer,) = await sent(api, chat=ADMIN)
    api.press(button(answer, 0, 1), api.message_of(answer), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "không còn trích dẫn được" in told.parameters["text"]
    assert len(api.sent()) == 1


async def test_further_results_pass_over_what_may_not_be_seen(api, bot, shelved_home):
    """Of five the second, the third and the fifth are closed: the fourth comes under its own number, alone."""
    from bot.search.search_service import digest

    names = ["gioi-thieu.txt#1", "mat/luong.txt#1", "mat/luong.txt#2", "cong-khai/lich.txt#1", "mat/tuyen.txt#1"]
    texts = [FILES[name.split("#")[0]].split("\n\n")[int(name[-1])] for name in names]
    held = [StoredPassage(name, digest(text), 0, 0) for name, text in zip(names, texts, strict=True)]
    answer_id = bot.store_answer(STAFF, held)
    message = {"chat": {"id": STAFF, "type": "private"}, "message_id": 1, "date": 1, "from": BOT, "text": "…"}
    api.press(f"m:{answer_id}:1:0", message, STAFF)
    (more,) = await sent(api, chat=STAFF)
    api.press(button(more, 0, 0), api.message_of(more), STAFF)

    (sending,) = await sent(api, 1, "sendDocument")

    assert "<b>4 · Lịch tiếp dân</b>" in more.parameters["text"]
    assert [each["text"] for each in more.parameters["reply_markup"]["inline_keyboard"][1]] == ["▾ 4"]
    assert sending.files == {"lich.txt": FILES["cong-khai/lich.txt"].encode()}


async def test_lists_and_counts_are_of_what_may_be_seen(api, bot):
    """/nguon, its pages, /tailieu and /vidu: neither a title nor a number tells of the others."""
    for command in ("/nguon", "/tailieu kín", "/tailieu lịch", "/vidu"):
        api.say(command, STAFF)

    listed, closed, public, examples = await sent(api, 4, chat=STAFF)
    api.press("l:7", api.message_of(listed), STAFF)
    (turned,) = await sent(api, 1, "editMessageText")

    assert "2 tài liệu (trang 1/1)" in listed.parameters["text"]
    assert "2 tài liệu (trang 1/1)" in turned.parameters["text"]
    assert closed.parameters["text"] == "Không có tài liệu nào có tên chứa “kín”."
    assert "1. Lịch tiếp dân" in public.parameters["text"]
    assert examples.parameters["text"].count("•") == 1
    assert not any(word in everything_sent(api).replace("“kín”", "") for word in HIDDEN)


async def test_in_a_group_lists_keep_to_the_group(api, bot):
    """An administrator's /nguon there names what the group may see."""
    api.say("/nguon", ADMIN, GROUP)

    (listed,) = await sent(api, chat=GROUP)

    assert "3 tài liệu" in listed.parameters["text"]
    assert "Giới thiệu cơ quan" not in listed.parameters["text"]


async def test_the_operator_is_warned_of_names_that_are_no_folder(api, shelved, caplog):
    """At the start, in the log, once."""
    async with running(shelved.model_copy(update={"collections": read_visibility("staff=quy-chee;groups=*")})):
        await sent(api, 1, "setMyCommands")

    (warning,) = [record.message for record in caplog.records if "TRICHDAN_COLLECTIONS" in record.message]
    assert "'quy-chee' is none yet" in warning
    assert "there are chung, cong-khai, mat" in warning
