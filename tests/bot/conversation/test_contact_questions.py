"""Questions to the person in charge, and the replies that come back."""

from __future__ import annotations

import pytest

from bot.settings.contacts import Contacts
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

UNANSWERED = "Bệnh viện có căng tin chay không?"


@pytest.fixture
async def with_contact(api, config):
    """The bot with somebody in charge of everything; the state it works on."""
    async with running(config.model_copy(update={"contacts": Contacts({"*": ADMIN})})) as state:
        yield state


def contact_button(call):
    """The button that sends a question on, None if there is none."""
    rows = (call.parameters.get("reply_markup") or {}).get("inline_keyboard", [])
    return next((button for row in rows for button in row if button.get("callback_data", "").startswith("h:")), None)


async def referred(api):
    """What the contact was sent when staff pressed the button; the bot knows by then whose replies to expect."""
    api.say(UNANSWERED, STAFF)
    (answer,) = await sent(api, chat=STAFF)
    api.press(contact_button(answer)["callback_data"], api.message_of(answer), STAFF)
    (asked,) = await sent(api, chat=ADMIN)
    await sent(api, 1, "answerCallbackQuery")
    return answer, asked


async def test_a_press_sends_the_question_and_a_reply_comes_back(api, with_contact):
    """The contact sees who asks what and what was shown; the asker gets the reply below the question."""
    answer, asked = await referred(api)
    api.say("Có, ở tầng 2 <nhà B>.", ADMIN, reply_to_message=api.message_of(asked))

    _, back = await sent(api, 2, chat=STAFF)
    _, confirmed = await sent(api, 2, chat=ADMIN)

    assert f"Người {STAFF} ({STAFF})" in asked.parameters["text"]
    assert UNANSWERED in asked.parameters["text"]
    assert "Bệnh viện dã chiến · " in asked.parameters["text"]
    assert back.parameters["text"].endswith("Có, ở tầng 2 &lt;nhà B&gt;.")
    assert back.parameters["reply_parameters"] == answer.parameters["reply_parameters"]
    assert confirmed.parameters["text"] == "Đã chuyển câu trả lời cho người hỏi."


async def test_a_reply_that_is_no_text_is_copied(api, with_contact):
    """A photo of a form, say."""
    _, asked = await referred(api)
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    number = api.say("", ADMIN, photo=photo, reply_to_message=api.message_of(asked))

    (copied,) = await sent(api, 1, "copyMessage")

    assert (copied.parameters["chat_id"], copied.parameters["message_id"]) == (STAFF, number)


async def test_nothing_is_sent_on_without_a_press(api, with_contact):
    """Whatever was not found."""
    api.say(UNANSWERED, STAFF)
    await sent(api, chat=STAFF)
    api.say("Giá xăng hôm nay?", STAFF)

    await sent(api, 2, chat=STAFF)

    assert api.sent(chat=ADMIN) == []


async def test_a_sure_answer_has_no_such_button(api, with_contact):
    """Nor has any where nobody is in charge: see `test_without_a_contact_there_is_no_button`."""
    api.say(QUESTION, STAFF)

    (answer,) = await sent(api, chat=STAFF)

    assert contact_button(answer) is None


async def test_without_a_contact_there_is_no_button(api, bot):
    """Nobody is in charge unless the operator says so."""
    api.say(UNANSWERED, STAFF)

    (answer,) = await sent(api, chat=STAFF)

    assert contact_button(answer) is None


async def test_a_question_is_sent_on_once_and_by_its_asker(api, with_contact):
    """A second press and another person's are told so."""
    answer, _ = await referred(api)
    data = contact_button(answer)["callback_data"]
    api.press(data, api.message_of(answer), STAFF)
    api.press(data, api.message_of(answer), ADMIN)

    _, again, other = await sent(api, 3, "answerCallbackQuery")

    assert again.parameters["text"].startswith("Câu hỏi này đã được gửi")
    assert other.parameters["text"] == "Chỉ người đặt câu hỏi mới gửi được câu hỏi này."
    assert len(api.sent(chat=ADMIN)) == 1


async def test_that_nobody_could_be_reached_is_said(api, with_contact):
    """A bot cannot write first."""
    api.say(UNANSWERED, STAFF)
    (answer,) = await sent(api, chat=STAFF)
    api.fail("sendMessage", Fault(403, "Forbidden: bot can't initiate conversation with a user"))
    api.press(contact_button(answer)["callback_data"], api.message_of(answer), STAFF)

    (alert,) = await sent(api, 1, "answerCallbackQuery")

    assert alert.parameters["text"].startswith("Chưa gửi được câu hỏi")


async def test_who_is_forgotten_leaves_no_question_with_the_contact(api, with_contact):
    """Erasing one's data erases it; a late reply is then a message like any other."""
    _, asked = await referred(api)
    api.say("/quenlai", STAFF)
    _, prompt = await sent(api, 2, chat=STAFF)
    api.press("f:yes", api.message_of(prompt), STAFF)
    await sent(api, 1, "editMessageText")
    api.say("Có căng tin.", ADMIN, reply_to_message=api.message_of(asked))

    await sent(api, 2, chat=ADMIN)

    assert len(api.sent(chat=STAFF)) == 2


async def test_what_is_not_found_offers_the_nearest_documents(api, bot):
    """Their buttons send them."""
    api.say("Giá xăng hôm nay bao nhiêu?", STAFF)
    (answer,) = await sent(api)
    row = answer.parameters["reply_markup"]["inline_keyboard"][0]
    api.press(row[0]["callback_data"], api.message_of(answer), STAFF)

    (sending,) = await sent(api, 1, "sendDocument")

    assert [button["text"] for button in row] == ["📄 1", "📄 2"]
    assert "1. Bệnh viện dã chiến" in answer.parameters["text"]
    assert list(sending.files) == ["benh-vien.txt"]


async def approved(api, text="Có, ở tầng 2."):
    """The confirmation below which a reply was kept, with the button that withdraws it."""
    _, asked = await referred(api)
    number = api.say(text, ADMIN, reply_to_message=api.message_of(asked))
    _, confirmed = await sent(api, 2, chat=ADMIN)
    (keep,) = confirmed.parameters["reply_markup"]["inline_keyboard"][0]
    reply = {**api.message_of(asked), "message_id": number, "text": text}
    message = {**api.message_of(confirmed), "reply_to_message": reply}
    api.press(keep["callback_data"], message, ADMIN)
    (kept,) = await sent(api, 1, "editMessageText")
    return kept, message


async def test_an_approved_answer_is_shown_to_whoever_asks_the_same(api, with_contact):
    """Above what the documents say, with who gave it and what it stands on; courtesies and marks change nothing."""
    kept, _ = await approved(api)
    api.say("Cho tôi hỏi benh vien co cang tin chay khong ạ", STAFF)

    *_, again = await sent(api, 3, chat=STAFF)

    assert kept.parameters["text"].startswith("Đã lưu câu trả lời đã duyệt.")
    head, text, source, *_ = again.parameters["text"].splitlines()
    assert head.startswith(f"<b>Câu trả lời đã duyệt (Người {ADMIN}, ")
    assert text == "Có, ở tầng 2."
    assert source.startswith("<i>Căn cứ: Bệnh viện dã chiến · ")


async def test_a_withdrawn_answer_is_no_longer_shown(api, with_contact):
    """The button that withdraws it stands below the confirmation."""
    kept, message = await approved(api)
    (withdraw,) = kept.parameters["reply_markup"]["inline_keyboard"][0]
    api.press(withdraw["callback_data"], message, ADMIN)
    await sent(api, 2, "editMessageText")
    api.say(UNANSWERED, STAFF)

    *_, again = await sent(api, 3, chat=STAFF)

    assert "đã duyệt" not in again.parameters["text"]


async def test_an_approved_answer_ends_with_its_passage(api, config, own_home):
    """When the document changes, it may no longer be right."""
    config = config.model_copy(update={"contacts": Contacts({"*": ADMIN}), "index": IndexAddress(own_home.index)})
    async with running(config):
        await approved(api)
        for file in own_home.corpus.iterdir():
            file.write_text(file.read_text(encoding="utf-8").replace("Bệnh viện", "Trạm xá"), encoding="utf-8")
        build_index(own_home.corpus, own_home.index, BagEncoder())
        api.say(UNANSWERED, STAFF)

        *_, again = await sent(api, 3, chat=STAFF)

    assert "đã duyệt" not in again.parameters["text"]
