"""Questions and answers over real HTTP: the outcomes, groups, follow-ups, and what is no question."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time

import pytest

from bot.messages.vi import VI
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.support.bot.call import Fault
from tests.support.bot.markup import parse
from tests.support.bot.server import BOT, person
from tests.support.encoders import BagEncoder
from tests.support.waiting import PATIENCE

QUESTION = "Bệnh viện dã chiến cấp 2 có bao nhiêu người?"


async def sent(api, count=1, method="sendMessage", chat=None, seconds=PATIENCE):
    """What the bot has sent, when there is that much of it."""
    return await asyncio.to_thread(api.wait_sent, count, method, chat, seconds)


async def test_an_answer_quotes_word_for_word(api, bot):
    """The paragraph as it stands in the file, its answering sentence in bold, and the citation below."""
    api.say(QUESTION, STAFF)

    (call,) = await sent(api)

    seen = parse(call.parameters["text"])
    assert "Bệnh viện dã chiến cấp 2 có 70 người." in seen.covered("BlockQuote")
    assert "đoạn 1/5" in seen.text
    assert call.parameters["chat_id"] == STAFF


async def test_an_answer_is_one_message_in_reply_to_its_question(api, bot):
    """With one row of buttons for what it shows and one to rate and copy it."""
    question = api.say(QUESTION, STAFF)

    (call,) = await sent(api)

    rows = call.parameters["reply_markup"]["inline_keyboard"]
    assert [len(row) for row in rows] == [3, 3]
    assert call.parameters["reply_parameters"]["message_id"] == question


async def test_typing_is_shown_at_once(api, bot):
    """Before the answer."""
    api.say(QUESTION, STAFF)

    (typed, *_), (answer,) = await sent(api, 1, "sendChatAction"), await sent(api)

    assert typed.parameters["action"] == "typing"
    assert typed.at <= answer.at


async def test_typing_lasts_as_long_as_the_work(api, config, monkeypatch):
    """It is renewed before Telegram lets it end; here every twentieth of a second, until it was shown three times."""
    monkeypatch.setattr("bot.transport.delivery._TYPING", 0.05)
    encode = held_encode(lambda: api.wait_sent(3, "sendChatAction"))
    monkeypatch.setattr("tests.support.encoders.BagEncoder.encode_queries", encode)
    async with running(config.model_copy(update={"answer_seconds": PATIENCE})):
        api.say(QUESTION, STAFF)

        (answer,) = await sent(api)

        assert sum(call.at < answer.at for call in api.sent("sendChatAction")) >= 3


def held_encode(wait):
    """The tiny encoder, which waits for something before it encodes."""
    quick = BagEncoder.encode_queries

    def encode_queries(self, texts):
        wait()
        return quick(self, texts)

    return encode_queries


async def test_not_found_is_said(api, bot):
    """In words of its own, with the nearest documents as buttons, and those that rate it."""
    api.say("xyzzy plugh frobozz", STAFF)

    (call,) = await sent(api)

    assert "Tài liệu hiện có không trả lời câu hỏi này." in call.parameters["text"]
    rows = call.parameters["reply_markup"]["inline_keyboard"]
    assert [[each["text"] for each in row] for row in rows] == [["📄 1", "📄 2"], ["👍", "👎"]]


async def test_the_service_being_down_is_said_and_the_admins_told(api, own_home, config):
    """An apology with a code and no reason; administrators are told once, with the command that finds out."""
    config = config.model_copy(update={"index": IndexAddress(own_home.index)})
    async with running(config):
        shutil.rmtree(own_home.index)
        api.say(QUESTION, STAFF)
        api.say(QUESTION, STAFF)

        await sent(api, 2, chat=STAFF)
        (alarm,) = await sent(api, 1, chat=ADMIN)

    apology = api.sent(chat=STAFF)[0].parameters["text"]
    assert "Hệ thống tra cứu tạm thời không hoạt động" in apology
    assert "trichdan" not in apology
    assert "trichdan doctor" in alarm.parameters["text"]


async def test_a_search_has_a_deadline(api, config, monkeypatch):
    """Beyond it the reader is told that the service is down, not left waiting."""
    monkeypatch.setattr("tests.support.encoders.BagEncoder.encode_queries", held_encode(lambda: time.sleep(1.5)))
    async with running(config.model_copy(update={"answer_seconds": 0.2, "parallel": 4})):
        api.say(QUESTION, STAFF)

        (call,) = await sent(api, chat=STAFF)

    assert "tạm thời không hoạt động" in call.parameters["text"]


async def test_markup_that_the_server_refuses_goes_as_plain_text(api, bot):
    """Nothing of the answer is lost but its form."""
    api.fail("sendMessage", Fault(400, "Bad Request: can't parse entities: Unsupported start tag"))
    api.say(QUESTION, STAFF)

    (call,) = await sent(api)

    assert "parse_mode" not in call.parameters
    assert "Bệnh viện dã chiến cấp 2 có 70 người." in call.parameters["text"]
    assert "<b" not in call.parameters["text"]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"text": "a b " * 600}, "Câu hỏi dài quá 2000 ký tự"),
        ({"text": "???"}, "chưa có nội dung câu hỏi"),
        ({"text": "", "sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
          "is_animated": False, "is_video": False}}, "chỉ trả lời câu hỏi bằng chữ"),
    ],
    ids=["long", "no words", "sticker"],
)  # fmt: skip
async def test_what_is_no_question_gets_one_helpful_sentence(api, bot, message, sentence):
    """It says what to do instead."""
    api.say(user=STAFF, **message)

    (call,) = await sent(api)

    assert sentence in call.parameters["text"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Chào bot", "Xin chào."),
        ("Em cảm ơn nhiều ạ", "Rất vui được hỗ trợ."),
        ("bạn là ai?", "hệ thống tra cứu tài liệu nội bộ"),
        ("giúp", "Cách hỏi"),
        ("danh sách tài liệu", "Danh mục tài liệu"),
    ],
)
async def test_small_talk_is_answered_politely_and_not_counted(api, bot, config, said, answer):
    """As a clerk would; no document is searched, and nothing can be rated."""
    api.say(said, STAFF)

    (call,) = await sent(api)

    assert answer in call.parameters["text"]
    assert "không trả lời câu hỏi" not in call.parameters["text"]
    assert "👍" not in str(call.parameters.get("reply_markup"))
    assert bot_file(config, "SELECT count(*) FROM answers WHERE state IS NOT NULL") == 0


async def test_the_caption_of_a_picture_is_asked(api, bot):
    """A photo of a form, say, with a question below it."""
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    api.say("", STAFF, photo=photo, caption=QUESTION)

    (call,) = await sent(api)

    assert "70 người" in call.parameters["text"]


async def test_a_mention_in_reply_to_a_colleague_asks_what_the_colleague_asked(api, bot):
    """The mention alone says nothing itself."""
    asked = {
        "message_id": 1, "date": 1, "text": QUESTION, "chat": {"id": GROUP, "type": "supergroup", "title": "N"},
        "from": {"id": 9, "is_bot": False, "first_name": "A"},
    }  # fmt: skip
    mention = {"type": "mention", "offset": 0, "length": 18}
    api.say("@trichdan_test_bot", STAFF, GROUP, entities=[mention], reply_to_message=asked)

    (call,) = await sent(api, 1, chat=GROUP)

    assert "70 người" in call.parameters["text"]


async def test_a_reply_to_ones_own_question_is_a_follow_up(api, bot):
    """As one to its answer is."""
    api.say(QUESTION, STAFF)
    question = dict(api.updates[0]["message"])
    await sent(api)
    api.say("ở đâu?", STAFF, reply_to_message=question)

    _, second = await sent(api, 2)

    assert "Câu hỏi này được hiểu theo câu hỏi trước." in second.parameters["text"]


async def test_a_reply_to_an_answer_is_a_follow_up(api, bot):
    """A short question is understood by the one that was answered there, and the answer says so."""
    api.say(QUESTION, STAFF)
    (first,) = await sent(api)
    api.say("ở đâu?", STAFF, reply_to_message=api.message_of(first))

    _, second = await sent(api, 2)

    assert "Câu hỏi này được hiểu theo câu hỏi trước." in second.parameters["text"]


FOLLOW_UP = "Câu hỏi này được hiểu theo câu hỏi trước."
NOW = 1_800_000_000


async def test_soon_after_an_answer_a_question_without_a_subject_is_a_follow_up(api, bot):
    """Without a reply, in a private chat; the answer says so, and a button asks it by itself in the same message."""
    api.say(QUESTION, STAFF, date=NOW)
    await sent(api)
    api.say("ở đâu?", STAFF, date=NOW + 299)
    _, second = await sent(api, 2)
    alone = second.parameters["reply_markup"]["inline_keyboard"][-1][0]
    api.press(alone["callback_data"], api.message_of(second), STAFF)

    (edited,) = await sent(api, 1, "editMessageText")

    assert FOLLOW_UP in second.parameters["text"]
    assert alone["text"] == "Hỏi riêng câu này"
    assert edited.parameters["message_id"] == api.message_of(second)["message_id"]
    assert FOLLOW_UP not in edited.parameters["text"]


@pytest.mark.parametrize(
    ("later", "question", "chat"),
    [(301, "ở đâu?", None), (10, "Báo cáo năm nộp trước ngày nào?", None), (10, "@trichdan_test_bot ở đâu?", GROUP)],
    ids=["after five minutes", "with a subject", "in a group"],
)
async def test_other_questions_stand_alone(api, bot, later, question, chat):
    """The question before is not dragged into them."""
    mention = {"entities": [{"type": "mention", "offset": 0, "length": 18}]} if chat else {}
    api.say(f"@trichdan_test_bot {QUESTION}" if chat else QUESTION, STAFF, chat, date=NOW, **mention)
    await sent(api)
    api.say(question, STAFF, chat, date=NOW + later, **mention)

    _, second = await sent(api, 2)

    assert FOLLOW_UP not in second.parameters["text"]
    assert "Hỏi riêng" not in str(second.parameters.get("reply_markup"))


async def test_a_follow_up_that_is_no_longer_known_cannot_be_asked_by_itself(api, bot):
    """As after a restart: the presser is told to send it again."""
    api.say(QUESTION, STAFF)
    (answer,) = await sent(api)
    api.press("s:999", api.message_of(answer), STAFF)

    (alert,) = await sent(api, 1, "answerCallbackQuery")

    assert alert.parameters["text"] == "Câu hỏi này không còn được lưu. Vui lòng gửi lại câu hỏi."


def question(text):
    """A message of staff that may be edited later."""
    chat = {"id": STAFF, "type": "private", "first_name": "A"}
    return {"message_id": 900, "date": NOW, "chat": chat, "from": person(STAFF), "text": text}


async def test_an_edited_question_edits_its_answer(api, bot):
    """In the message that answered it, so that a corrected slip leaves no wrong answer behind."""
    asked = question("Báo cáo năm nộp trước ngày nào?")
    api.push(message=asked)
    (first,) = await sent(api)
    api.push(edited_message={**asked, "text": QUESTION, "edit_date": 2})

    (edited,) = await sent(api, 1, "editMessageText")

    assert edited.parameters["message_id"] == api.message_of(first)["message_id"]
    assert "70 người" in edited.parameters["text"]
    assert len(api.sent()) == 1


async def test_an_edit_that_changes_no_word_changes_nothing(api, bot):
    """Telegram sends one also when a link's preview appears."""
    asked = question(QUESTION)
    api.push(message=asked)
    await sent(api)
    api.push(edited_message={**asked, "edit_date": 2})
    api.say("Báo cáo năm nộp trước ngày nào?", STAFF)

    await sent(api, 2)

    assert api.sent("editMessageText") == []


async def test_an_answer_that_was_deleted_is_sent_again_for_an_edited_question(api, bot):
    """It cannot be edited any more."""
    asked = question("Báo cáo năm nộp trước ngày nào?")
    api.push(message=asked)
    await sent(api)
    api.fail("editMessageText", Fault(400, "Bad Request: message to edit not found"))
    api.push(edited_message={**asked, "text": QUESTION, "edit_date": 2})

    _, second = await sent(api, 2)

    assert "70 người" in second.parameters["text"]


async def test_several_questions_in_a_message_are_answered_one_by_one(api, bot):
    """In their order; one without a subject follows up the one before."""
    api.say(f"Báo cáo năm nộp trước ngày nào? {QUESTION} Ở đâu?", STAFF)

    first, second, third = await sent(api, 3)

    assert "31 tháng 01" in first.parameters["text"]
    assert "70 người" in second.parameters["text"]
    assert FOLLOW_UP in third.parameters["text"]


async def test_more_questions_than_five_are_left_and_said(api, bot):
    """A pasted list does not keep others waiting."""
    api.say(" ".join(f"Báo cáo năm {year} nộp ngày nào?" for year in range(2010, 2017)), STAFF)

    *_, last = await sent(api, 6)

    assert last.parameters["text"].startswith("Mỗi tin nhắn được trả lời tối đa 5 câu hỏi.")
    assert len(api.sent()) == 6


async def test_what_follows_an_unknown_command_is_asked(api, bot):
    """Other bots have /hoi and /timkiem."""
    api.say(f"/timkiem {QUESTION}", STAFF)

    (call,) = await sent(api)

    assert "70 người" in call.parameters["text"]


async def test_an_unknown_command_alone_gets_help(api, bot):
    """There is nothing to ask."""
    api.say("/timkiem", STAFF)

    (call,) = await sent(api)

    assert "/nguon" in call.parameters["text"]


async def test_a_thankful_sticker_is_thanked_for(api, bot):
    """By its emoji; another one is no question."""
    sticker = {
        "file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "type": "regular", "is_animated": False,
        "is_video": False,
    }  # fmt: skip
    api.say("", STAFF, sticker={**sticker, "emoji": "🙏"})
    api.say("", STAFF, sticker={**sticker, "emoji": "🐈"})

    thanked, other = await sent(api, 2)

    assert thanked.parameters["text"] == VI.thanked_html
    assert other.parameters["text"] == VI.not_text


async def test_in_a_group_only_who_speaks_to_the_bot_is_answered(api, bot):
    """By a mention or by a reply to its message; a talk among people is left alone."""
    mention = {"type": "mention", "offset": 0, "length": 18}
    api.say(QUESTION, STAFF, GROUP)
    api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[mention])
    reply = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "N"}, "from": BOT}
    api.say(QUESTION, STAFF, GROUP, reply_to_message=reply)
    api.say(QUESTION, STAFF)

    await sent(api, 1, chat=STAFF)
    calls = await sent(api, 2, chat=GROUP)

    assert len(calls) == 2
    assert all("70 người" in call.parameters["text"] for call in calls)


async def test_a_closed_group_gets_no_content(api, bot):
    """Who speaks to the bot there is told the group's id; commands and buttons do nothing."""
    mention = {"type": "mention", "offset": 0, "length": 18}
    api.say("/nguon", STAFF, -2002)
    api.say(f"@trichdan_test_bot {QUESTION}", STAFF, -2002, entities=[mention])

    calls = await sent(api, 1, chat=-2002)

    assert [("-2002" in call.parameters["text"], "70 người" in call.parameters["text"]) for call in calls] == [
        (True, False)
    ]


async def test_a_group_does_not_lend_its_rights(api, bot):
    """A stranger in an open group gets nothing, not even a refusal that others would read."""
    mention = {"type": "mention", "offset": 0, "length": 18}
    api.say(f"@trichdan_test_bot {QUESTION}", STRANGER, GROUP, entities=[mention])
    api.say(QUESTION, STAFF)

    await sent(api, 1, chat=STAFF)

    assert api.sent(chat=GROUP) == []


async def test_an_english_client_is_addressed_in_english(api, bot):
    """The quote stays in the documents' language."""
    api.say("xyzzy plugh frobozz", STAFF, **{"from": person(STAFF, "en-GB")})

    (call,) = await sent(api)

    assert "The documents at hand do not answer this question." in call.parameters["text"]


async def test_a_question_is_not_written_down(api, bot, config):
    """After its answer the state file holds none of its words."""
    api.say("Xin hỏi zzkhôngghilại: bệnh viện có bao nhiêu người?", STAFF)
    await sent(api)

    await asyncio.to_thread(api.wait, lambda: bot_file(config, "SELECT count(*) FROM updates WHERE payload IS NULL"))

    assert bot_file(config, "SELECT count(*) FROM updates WHERE payload IS NOT NULL") == 0
    assert bot_file(config, "SELECT count(*) FROM answers WHERE question IS NOT NULL") == 0


def bot_file(config, query):
    """One number from the state file, as another reader sees it."""
    db = sqlite3.connect(config.state)
    (number,) = db.execute(query).fetchone()
    db.close()
    return number


async def test_a_changed_document_is_said_in_a_readers_words(api, config, own_home):
    """Staff are told that it changed, and no command; an administrator is told theirs."""
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        (own_home.corpus / "benh-vien.txt").write_text("Khác hẳn", encoding="utf-8")
        api.say(QUESTION, STAFF)
        (staff,), _ = await sent(api, 1, chat=STAFF), await sent(api, 1, chat=ADMIN)  # and the notice
        api.say(QUESTION, ADMIN)
        _, admin = await sent(api, 2, chat=ADMIN)

    told = [call.parameters["text"] for call in (staff, admin)]
    assert ["đã thay đổi" in text for text in told] == [True, True]
    assert ["trichdan index" in text for text in told] == [False, False]
    assert ["/naplai" in text for text in told] == [False, True]
