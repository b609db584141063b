"""The catalogue commands /start, /help, /nguon, /tailieu and /vidu, and the registered commands."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest

from bot.conversation import catalogue, title_search
from bot.conversation.catalogue_visits import NAMED, new_lines
from bot.messages.en import EN
from bot.messages.vi import VI
from bot.search.search_service import SearchService
from bot.settings.visibility import read_visibility
from retrieval.index import DocumentRecord
from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, GROUP, STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.support.bot.markup import parse
from tests.support.bot.server import person
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder


async def test_start_says_what_this_is(api, bot):
    """In Vietnamese, or in English for an English client."""
    api.say("/start", STAFF)
    api.say("/start", STAFF, **{"from": person(STAFF, "en")})

    vietnamese, english = await sent(api, 2)

    assert "hệ thống tra cứu tài liệu nội bộ" in vietnamese.parameters["text"]
    assert "document search" in english.parameters["text"]


async def test_help_tells_administrators_more(api, bot):
    """Staff are not shown the administrators' commands."""
    api.say("/help", STAFF)
    api.say("/help", ADMIN)

    (staff,), (admin,) = await sent(api, 1, chat=STAFF), await sent(api, 1, chat=ADMIN)

    assert ("/moi" in staff.parameters["text"], "/moi" in admin.parameters["text"]) == (False, True)


async def test_an_unknown_command_gets_help(api, bot):
    """Not an answer to the question "/abc"."""
    api.say("/abc", STAFF)

    (call,) = await sent(api)

    assert "<b>Cách hỏi</b>" in call.parameters["text"]


async def test_documents_are_listed_with_dates(api, bot):
    """By title; one without a date says so."""
    api.say("/nguon", STAFF)

    (call,) = await sent(api)

    assert call.parameters["text"].split("\n") == [
        "<b>Danh mục tài liệu: 2 tài liệu (trang 1/1)</b>",
        "1. Bệnh viện dã chiến (không rõ ngày)",
        "2. Quy chế nộp báo cáo (không rõ ngày)",
    ]


async def test_documents_are_listed_by_collection_with_their_files(api, config, own_home):
    """A line names the collection where there are several, and a button sends each document."""
    (own_home.corpus / "quy-che").mkdir()
    (own_home.corpus / "quy-che" / "a.txt").write_text("Quy chế chi tiêu\n\nCông tác phí là 1.\n", encoding="utf-8")
    build_index(own_home.corpus, own_home.index, BagEncoder())
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        api.say("/nguon", STAFF)
        (listed,) = await sent(api)
        (files,) = listed.parameters["reply_markup"]["inline_keyboard"]
        api.press(files[2]["callback_data"], api.message_of(listed), STAFF)

        (sending,) = await sent(api, 1, "sendDocument")

    assert listed.parameters["text"].split("\n") == [
        "<b>Danh mục tài liệu: 3 tài liệu (trang 1/1)</b>",
        "",
        "📁 <b>chung</b>",
        "1. Bệnh viện dã chiến (không rõ ngày)",
        "2. Quy chế nộp báo cáo (không rõ ngày)",
        "",
        "📁 <b>quy-che</b>",
        "3. Quy chế chi tiêu (không rõ ngày)",
    ]
    assert [button["text"] for button in files] == ["📄 1", "📄 2", "📄 3"]
    assert list(sending.files) == ["a.txt"]


async def test_documents_are_paged(api, config, own_home):
    """Ten a page; a press turns the page in its place."""
    for number in range(21):
        (own_home.corpus / f"{number:02}.txt").write_text(
            f"Văn bản {number:02}\n\nNội dung số {number}.", encoding="utf-8"
        )
    build_index(own_home.corpus, own_home.index, BagEncoder())
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        api.say("/nguon", STAFF)
        (first,) = await sent(api)
        *files, turns = first.parameters["reply_markup"]["inline_keyboard"]
        api.press(turns[0]["callback_data"], api.message_of(first), STAFF)

        (second,) = await sent(api, 1, "editMessageText")

    assert [[button["text"] for button in row] for row in files] == [
        [f"📄 {number}" for number in numbers] for numbers in (range(1, 6), range(6, 11))
    ]
    assert "trang 1/3" in first.parameters["text"]
    assert "trang 2/3" in second.parameters["text"]
    assert len(first.parameters["text"].split("\n")) == 11
    assert [each["text"] for each in second.parameters["reply_markup"]["inline_keyboard"][-1]] == ["◀", "▶"]


def add_documents(home, *names):
    """Add documents to the corpus and index it again."""
    for name in names:
        (home.corpus / f"{name}.txt").write_text(f"Văn bản {name}\n\nNội dung của {name}.", encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())


async def listed(api, count, user=STAFF, chat=None):
    """The user's list of documents, when so many were sent to the chat."""
    api.say("/nguon", user, chat or user)
    return (await sent(api, count, chat=chat or user))[-1]


async def test_documents_that_came_since_the_last_visit_are_named(api, own_config, own_home):
    """By their numbers in the list, once; a first visit names none; the button of one on another page sends it."""
    add_documents(own_home, *(f"{number:02}" for number in range(9)))
    async with running(own_config):
        first = await listed(api, 1)
        add_documents(own_home, "zz", "ab")
        second = await listed(api, 2)
        rows = second.parameters["reply_markup"]["inline_keyboard"]
        api.press(rows[2][0]["callback_data"], api.message_of(second), STAFF)
        (sending,) = await sent(api, 1, "sendDocument")
        third = await listed(api, 3)
        other = await listed(api, 1, ADMIN)

    assert "🆕" not in first.parameters["text"] + third.parameters["text"] + other.parameters["text"]
    assert second.parameters["text"].split("\n")[1:6] == [
        "",
        "🆕 <b>Mới thêm từ lần xem trước: 2 tài liệu</b>",
        "12. Văn bản ab",
        "13. Văn bản zz",
        "",
    ]
    assert [button["text"] for button in rows[2]] == ["📄 12", "📄 13"]
    assert list(sending.files) == ["ab.txt"]


async def test_a_few_new_documents_are_named(api, own_config, own_home):
    """Three, with the number of all."""
    async with running(own_config):
        await listed(api, 1)
        add_documents(own_home, *"abcd")
        second = await listed(api, 2)

    assert "Mới thêm từ lần xem trước: 4 tài liệu" in second.parameters["text"]
    assert second.parameters["text"].split("\n")[3:7] == [
        "3. Văn bản a",
        "4. Văn bản b",
        "5. Văn bản c",
        "…",
    ]


async def test_new_documents_that_somebody_may_not_see_are_not_named(api, own_config, own_home):
    """Nor counted."""
    visibility = read_visibility("staff=chung")
    async with running(own_config.model_copy(update={"collections": visibility})):
        await listed(api, 1)
        (own_home.corpus / "mat").mkdir()
        (own_home.corpus / "mat" / "a.txt").write_text("Văn bản mật\n\nNội dung.", encoding="utf-8")
        add_documents(own_home, "a")
        second = await listed(api, 2)

    assert "Mới thêm từ lần xem trước: 1 tài liệu" in second.parameters["text"]
    assert "mật" not in second.parameters["text"]


async def test_documents_whose_files_were_out_of_reach_are_not_new(api, own_config, own_home):
    """Their folder was unmounted at a start, and another visited; the next build finds them where they were."""
    async with running(own_config):
        await listed(api, 1)
    own_home.corpus.rename(own_home.corpus.with_name("away"))
    async with running(own_config):
        without = await listed(api, 1, ADMIN)
        own_home.corpus.with_name("away").rename(own_home.corpus)
        add_documents(own_home, "a")
        second = await listed(api, 2)

    assert without.parameters["text"] == VI.no_sources
    assert "Mới thêm từ lần xem trước: 1 tài liệu" in second.parameters["text"]


async def test_a_group_is_not_told_what_is_new(api, own_config, own_home):
    """It may see less than the person who asks, whose own visit is still to come."""
    async with running(own_config):
        await listed(api, 1)
        add_documents(own_home, "a")
        group = await listed(api, 1, chat=GROUP)
        own = await listed(api, 2)

    assert ("🆕" in group.parameters["text"], "🆕" in own.parameters["text"]) == (False, True)


def test_the_longest_list_of_documents_fits_a_message():
    """Ten titles, numbers, publishers and folders of 250 characters, three of them new."""
    long = "n" * 250
    records = {
        number: DocumentRecord(f"{number}{long}/a.txt", "", long, long, "", date(2026, 1, 1), "", number=long)
        for number in range(100_000, 100_010)
    }
    head = VI.sources.format(count=100_000, page=10_000, pages=10_000)
    named = dict(list(records.items())[:NAMED])

    lines = [head, *new_lines(named, 10, VI), *catalogue._lines(records, VI, has_several=True)]

    assert len(parse("\n".join(lines)).text.encode("utf-16-le")) // 2 <= 4096


async def test_a_document_is_found_by_its_title(api, bot, shared_home):
    """Diacritics do not matter, and its button sends the file."""
    api.say("/tailieu bao cao QUY CHE", STAFF)
    (found,) = await sent(api)
    (row,) = found.parameters["reply_markup"]["inline_keyboard"]
    api.press(row[0]["callback_data"], api.message_of(found), STAFF)

    (sending,) = await sent(api, 1, "sendDocument")

    assert "1. Quy chế nộp báo cáo" in found.parameters["text"]
    assert sending.files == {"bao-cao.txt": (shared_home.corpus / "bao-cao.txt").read_bytes()}


async def test_a_document_without_a_paragraph_has_no_button(api, own_config, own_home):
    """It is listed; the button of the next one has that one's number and sends its file."""
    (own_home.corpus / "a.md").write_text("# Báo cáo A\n", encoding="utf-8")
    build_index(own_home.corpus, own_home.index, BagEncoder())
    async with running(own_config):
        api.say("/tailieu bao cao", STAFF)
        (found,) = await sent(api)
        (row,) = found.parameters["reply_markup"]["inline_keyboard"]
        api.press(row[0]["callback_data"], api.message_of(found), STAFF)
        (sending,) = await sent(api, 1, "sendDocument")

    assert re.findall(r"^\d\. [^(]+", found.parameters["text"], re.MULTILINE) == [
        "1. Báo cáo A ",
        "2. Quy chế nộp báo cáo ",
    ]
    assert [button["text"] for button in row] == ["📄 2"]
    assert list(sending.files) == ["bao-cao.txt"]


async def test_a_vanished_document_has_no_first_passage(shared_home):
    """A document may vanish between the listing and the buttons; the others keep theirs."""
    search = SearchService(Retriever(shared_home.index, BagEncoder()), shared_home.index, parallel=1, seconds=20)
    gone, there = await search.first_passages(["gone.txt", "bao-cao.txt"])
    search.close()

    assert gone is None
    assert there.passage_id == "bao-cao.txt#1"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("/tailieu", "Vui lòng nhập từ khóa"), ("/tailieu <lạ>", "Không có tài liệu nào có tên chứa “&lt;lạ&gt;”.")],
)
async def test_no_document_is_found(api, bot, command, sentence):
    """Says so, or how to search."""
    api.say(command, STAFF)

    (call,) = await sent(api)

    assert sentence in call.parameters["text"]


async def test_commands_are_registered(api, bot):
    """Vietnamese for everybody, English for English clients, more for administrators, each described in both."""
    everybody, english, admin, english_admin = await sent(api, 4, "setMyCommands")

    first = [call.parameters["commands"][0]["description"] for call in (everybody, english)]
    assert first == ["Bắt đầu sử dụng", "Begin"]
    assert english.parameters["language_code"] == "en"
    assert admin.parameters["scope"] == {"type": "chat", "chat_id": ADMIN}
    assert english_admin.parameters["scope"] == admin.parameters["scope"]
    assert english_admin.parameters["language_code"] == "en"
    listed = [[each["command"] for each in call.parameters["commands"]] for call in (admin, english_admin)]
    assert listed[0] == listed[1]
    assert "naplai" in listed[0]


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_the_help_names_every_command(words):
    """All that are registered, those of administrators in their part; /start and /help are known by then."""
    named = {command for command, _ in words.commands} - {"start", "help"}
    admin = {command for command, _ in words.admin_commands}

    assert set(re.findall(r"(?<!<)/([a-z]+)", words.help_html)) == named
    # /quenlai, with somebody's id, is for administrators too.
    assert set(re.findall(r"(?<!<)/([a-z]+)", words.admin_help_html)) == admin | {"quenlai"}


async def test_a_title_of_a_thousand_words_is_looked_for_by_its_first_ten(api, bot):
    """Two thousand words over two thousand titles once stopped the bot for a minute."""
    words = ("quy chế nộp báo cáo " * 2).split()
    api.say(f"/tailieu {' '.join(words)} {'chế ' * 900}", STAFF)
    api.say(f"/tailieu {' '.join(str(number) for number in range(400))}", STAFF)

    found, missing = await sent(api, 2)

    assert "1. Quy chế nộp báo cáo" in found.parameters["text"]
    assert missing.parameters["text"].startswith("Không có tài liệu nào có tên chứa “0 1 2 3")


async def test_looking_for_titles_takes_time_by_the_number_of_titles_alone():
    """Each title is folded once, whatever the message holds; the words are folded once, and ten are looked for."""
    record = DocumentRecord("a.txt", "a.txt", "Quy chế chi tiêu nội bộ " * 10, "", "", None, "")
    begun = time.process_time()

    found = title_search.titled([record] * 2_000, title_search.wanted("quy chế " * 1_000))

    assert len(found) == 2_000
    assert time.process_time() - begun < 5  # 0.1 s; word by word it took more than a minute
