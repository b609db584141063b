"""Quotes offered while somebody types the bot's name: what is offered, to whom, and that chats never wait for it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.inline import document_result, quote_result
from bot.messages.vi import VI
from bot.settings.visibility import read_visibility
from bot.transport.inbox import Inbox
from retrieval.index import DocumentRecord
from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.bot.conversation.test_questions import QUESTION, held_encode, sent
from tests.bot.messages.test_answer_message import HOSTILE, LONG, with_quote
from tests.bot.transport.test_inbox import update
from tests.support.bot.inline_rules import OLD
from tests.support.bot.markup import parse
from tests.support.bot.server import BOT
from tests.support.encoders import BagEncoder
from tests.support.waiting import PATIENCE

TYPED = "answerInlineQuery"


@pytest.fixture
def inline(config, api):
    """Settings with inline mode on, here and at the server."""
    api.inline = True
    return config.model_copy(update={"inline": True})


@pytest.fixture
async def bot(inline):
    """The bot with inline mode on, running; the state it works on."""
    async with running(inline) as state:
        yield state


async def offered(api, count=1):
    """The answers to inline queries, when there are so many."""
    return [call.parameters for call in await sent(api, count, TYPED)]


async def test_quotes_are_offered_word_for_word(api, bot, shared_home):
    """Each parses as Telegram parses it, holds a paragraph of a file, and says in its result where it is from."""
    api.type_inline(QUESTION, STAFF)

    (answer,) = await offered(api)

    paragraphs = "\n\n".join(path.read_text(encoding="utf-8") for path in shared_home.corpus.iterdir()).split("\n\n")
    results = answer["results"]
    assert 2 <= len(results) <= 10
    for result in results:
        content = result["input_message_content"]
        (quoted,) = parse(content["message_text"]).covered("ExpandableBlockQuote")
        assert content["parse_mode"] == "HTML"
        assert quoted in [paragraph.strip() for paragraph in paragraphs]
    assert results[0]["title"] == "Bệnh viện dã chiến"
    assert results[0]["description"].startswith("không rõ ngày · đoạn 1/5\n")
    assert "1 · " not in results[0]["input_message_content"]["message_text"]


async def test_results_are_for_one_person_and_not_for_long(api, bot):
    """Telegram must not show them to another who types the same, nor after rights or documents have changed."""
    api.type_inline(QUESTION, STAFF)

    (answer,) = await offered(api)

    assert answer["is_personal"] == "true"
    assert 0 <= answer["cache_time"] <= 30


@settings(max_examples=60)
@given(text=LONG, title=HOSTILE, data=st.data())
def test_every_result_is_a_message_that_telegram_takes(hit, text, title, data):
    """Whatever a document holds, since there is no second try in plain text."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    result = quote_result(with_quote(hit, text, title, (start, end)))

    seen = parse(result.input_message_content.message_text)
    assert len(seen.text.encode("utf-16-le")) // 2 <= 4096
    assert len(seen.entities) <= 100
    assert 1 <= len(result.id) <= 64
    assert len(result.title) <= 100
    assert len(result.description) <= 200


@pytest.fixture(scope="session")
def hit(shared_home):
    """A real hit, whose quote each example puts its own words into."""
    return Retriever(shared_home.index, BagEncoder()).ask(QUESTION, k=1).hits[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Nhập câu hỏi để tìm trích dẫn"),
        ("  ?! ", "Nhập câu hỏi để tìm trích dẫn"),
        ("a " * 129, "Nhập câu hỏi để tìm trích dẫn"),
        ("xyzzy plugh frobozz", "Không tìm thấy trích dẫn phù hợp"),
    ],
    ids=["empty", "no words", "too long", "not found"],
)
async def test_where_there_is_nothing_to_offer_a_button_says_so(api, bot, typed, said):
    """It leads to the private chat, where /start says what this is."""
    api.type_inline(typed.rstrip() if len(typed) > 200 else typed, STAFF)
    (answer,) = await offered(api)
    api.say(f"/start {answer['button']['start_parameter']}", STAFF)

    (start,) = await sent(api, chat=STAFF)

    assert (answer["results"], answer["button"]["text"]) == ([], said)
    assert "hệ thống tra cứu tài liệu nội bộ" in start.parameters["text"]


async def test_a_stranger_is_offered_nothing(api, bot):
    """Not even that there is nothing; behind the button they are told their id, not that an invitation is dead."""
    api.type_inline(QUESTION, STRANGER)
    api.type_inline("xyzzy plugh frobozz", STRANGER)
    known, unknown = await offered(api, 2)
    api.say(f"/start {known['button']['start_parameter']}", STRANGER)

    (refusal,) = await sent(api, chat=STRANGER)

    assert (known["results"], known["button"]["text"]) == ([], "Cần được cấp quyền")
    assert {**known, "inline_query_id": 0} == {**unknown, "inline_query_id": 0}
    assert refusal.parameters["text"].startswith("Tài khoản này chưa được cấp quyền sử dụng hệ thống. Mã người dùng")


async def test_the_collections_of_a_role_apply(api, inline):
    """In any chat: the person may see it, or it is not offered."""
    async with running(inline.model_copy(update={"collections": read_visibility("staff=khac")})):
        api.type_inline(QUESTION, STAFF)
        await offered(api)
        api.type_inline(QUESTION, ADMIN)

        staff, admin = await offered(api, 2)

    assert staff["results"] == []
    assert len(admin["results"]) >= 2


@pytest.mark.parametrize("typed", ["tl bao cao", "Tài liệu báo cáo QUY CHẾ", "documents nộp"])
async def test_documents_are_offered_by_their_titles(api, bot, typed):
    """A word before says that documents are looked for; what is pasted says what it is and where it lies."""
    api.type_inline(typed, STAFF)

    (answer,) = await offered(api)

    (result,) = answer["results"]
    assert (result["title"], result["description"]) == ("Quy chế nộp báo cáo", "không rõ ngày\n📁 chung")
    assert parse(result["input_message_content"]["message_text"]).text.split("\n") == [
        "📄 Quy chế nộp báo cáo",
        "không rõ ngày",
        "📁 chung",
    ]


async def test_without_further_words_documents_are_listed(api, bot):
    """Whoever typed "tl" sees what there is."""
    api.type_inline("tl", STAFF)

    (answer,) = await offered(api)

    assert [result["title"] for result in answer["results"]] == ["Bệnh viện dã chiến", "Quy chế nộp báo cáo"]


async def test_a_question_about_documents_that_no_title_has_is_answered_by_quotes(api, bot):
    """ "Tài liệu" may begin a question too."""
    api.type_inline(f"tài liệu {QUESTION}", STAFF)

    (answer,) = await offered(api)

    assert "<blockquote expandable>" in answer["results"][0]["input_message_content"]["message_text"]


async def test_documents_that_somebody_may_not_see_are_not_offered(api, inline):
    """The collections of a role hold for titles as for quotes."""
    async with running(inline.model_copy(update={"collections": read_visibility("staff=khac")})):
        api.type_inline("tl báo cáo", STAFF)
        await offered(api)
        api.type_inline("tl báo cáo", ADMIN)

        staff, admin = await offered(api, 2)

    assert (staff["results"], staff["button"]["text"]) == ([], "Không tìm thấy trích dẫn phù hợp")
    assert [result["title"] for result in admin["results"]] == ["Quy chế nộp báo cáo"]


@settings(max_examples=60)
@given(title=HOSTILE, folder=HOSTILE)
def test_every_document_is_a_message_that_telegram_takes(title, folder):
    """Whatever it is called, and the folder too."""
    record = DocumentRecord(f"{folder}/a.txt", f"{folder}/a.txt", title or "a", title, "", None, "", number=title)

    result = document_result(record, VI)

    assert 1 <= len(parse(result.input_message_content.message_text).text) <= 4096
    assert len(result.title) <= 100
    assert len(result.description) <= 200


def held_questions(monkeypatch):
    """Holds every search until the event that is returned is set, and lets inline queries wait for it."""
    may_end = threading.Event()
    encode = held_encode(lambda: may_end.wait(PATIENCE))
    monkeypatch.setattr("tests.support.encoders.BagEncoder.encode_queries", encode)
    monkeypatch.setattr("bot.search.search_service._PATIENCE", PATIENCE)
    return may_end


async def all_taken(api):
    """Waits until the bot has fetched every update, and then for its handlers to go as far as they can."""
    await asyncio.to_thread(api.wait, lambda: not api.updates)
    for _ in range(100):  # the bot runs in this event loop, too
        await asyncio.sleep(0)


async def test_only_the_newest_query_of_a_user_is_searched(api, inline, caplog, monkeypatch):
    """Each keystroke is a query; those that wait when the next one comes are dropped, another user's are not."""
    may_end = held_questions(monkeypatch)
    async with running(inline):
        api.say(QUESTION, STAFF)
        await sent(api, 1, "sendChatAction")
        keystrokes = [api.type_inline(QUESTION[:length], STAFF) for length in (5, 12, 20, len(QUESTION))]
        other = api.type_inline(QUESTION, ADMIN)
        await all_taken(api)
        may_end.set()

        answers = await offered(api, 2)
        api.say("/start", ADMIN)
        await sent(api, chat=ADMIN)

    assert {str(answer["inline_query_id"]) for answer in answers} == {keystrokes[-1], other}
    assert len(api.sent(TYPED)) == 2
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_chat_does_not_wait_for_what_is_typed(api, inline, monkeypatch):
    """With one place to search, an inline query that came between two questions is answered after both."""
    may_end = held_questions(monkeypatch)
    async with running(inline.model_copy(update={"parallel": 1})):
        api.say(QUESTION, STAFF)
        await sent(api, 1, "sendChatAction", chat=STAFF)
        api.type_inline(QUESTION, STAFF)
        api.say(QUESTION, ADMIN)
        await all_taken(api)
        may_end.set()

        await offered(api)

    order = [call.method for call in api.calls if call.method in {"sendMessage", TYPED}]
    assert order == ["sendMessage", "sendMessage", TYPED]


async def test_a_query_is_not_written_down(api, bot):
    """Neither as waiting nor as seen: after a restart nobody waits for its answer."""
    api.type_inline(QUESTION, STAFF)
    await offered(api)

    (stored,) = bot.database.connection.execute("SELECT count(*) FROM updates").fetchone()
    (answers,) = bot.database.connection.execute("SELECT count(*) FROM answers").fetchone()
    assert (stored, answers) == (0, 0)


async def test_a_late_answer_is_no_failure(api, inline, caplog, monkeypatch):
    """The query is too old by then: nothing is logged as an error, nobody is told, and the next one is answered."""
    monkeypatch.setattr("tests.support.encoders.BagEncoder.encode_queries", held_encode(lambda: time.sleep(0.2)))
    async with running(inline):
        api.open_queries.discard(api.type_inline(QUESTION, STAFF))
        (refusal,) = await asyncio.to_thread(api.wait, lambda: api.refusals)
        api.type_inline(QUESTION, STAFF)

        await offered(api)

    assert refusal == (TYPED, OLD)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert api.sent() == []


async def test_documents_that_cannot_be_searched(api, inline, own_home):
    """A button says so, and the administrators are told."""
    async with running(inline.model_copy(update={"index": IndexAddress(own_home.index)})):
        shutil.rmtree(own_home.index)
        api.type_inline(QUESTION, STAFF)

        (answer,) = await offered(api)
        (alarm,) = await sent(api, chat=ADMIN)

    assert (answer["results"], answer["button"]["text"]) == ([], "Tạm thời không tra cứu được")
    assert "trichdan doctor" in alarm.parameters["text"]


@pytest.mark.parametrize("on", [False, True])
async def test_queries_are_asked_for_only_where_the_operator_wants_them(api, inline, on):
    """`allowed_updates` names them, or does not."""
    async with running(inline.model_copy(update={"inline": on})):
        (polled, *_) = await asyncio.to_thread(
            api.wait, lambda: [call for call in api.calls if call.method == "getUpdates"]
        )

    assert ("inline_query" in polled.parameters["allowed_updates"]) == on


@pytest.mark.parametrize("on", [False, True])
async def test_the_queue_takes_queries_only_where_they_are_wanted(bot, on):
    """Also one that Telegram kept from the time when they were on; and none is written down."""
    inbox = Inbox(bot, inline=on)
    typed = {"id": "1", "query": "a", "offset": "", "message_id": 1}

    await inbox.put(update(1, kind="inline_query", **typed))

    assert (inbox.qsize(), bot.pending()) == (int(on), [])


async def test_a_pasted_quote_is_no_question(api, bot):
    """It comes back from the group with `via_bot`, as a reply to the bot perhaps, and is left alone."""
    reply = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "N"}, "from": BOT}
    api.say(QUESTION, STAFF, GROUP, via_bot=BOT, reply_to_message=reply)
    api.say("/start", STAFF)

    await sent(api, chat=STAFF)

    assert api.sent(chat=GROUP) == []


async def test_the_operator_is_told_what_is_missing(api, inline, caplog):
    """Inline mode must be turned on at Telegram too."""
    api.inline = False
    async with running(inline):
        await sent(api, 1, "setMyCommands")

    assert "send /setinline to @BotFather" in caplog.text
