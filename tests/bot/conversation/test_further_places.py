"""Further places: opened and closed in the answer's own message, verified, after a restart and in groups."""

from __future__ import annotations

import pytest

from bot.messages.quote_html import LIMIT, visible_length
from bot.storage.state import AnswerSummary, Person, StoredPassage
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.bot.conversation.test_buttons import answered, labelled, labels
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.markup import parse

MENTION = {"type": "mention", "offset": 0, "length": 18}


def above(call):
    """What stands above the heading of further places, and the entities over it."""
    parsed = parse(call.parameters["text"])
    text, _, _ = parsed.text.partition("\n\nKết quả khác:")
    return text, [entity for entity in parsed.entities if entity[1] < len(text)]


async def opened(api, answer, label="Kết quả khác", user=STAFF, count=1):
    """The message after a further place was opened in it."""
    api.press(labelled(answer, label), api.message_of(answer), user)
    return (await sent(api, count, "editMessageText"))[-1]


async def test_the_next_place_is_opened_in_the_message(api, bot):
    """What answers stays as it was; the second quote is open below it, and every further one has a number."""
    answer = await answered(api)

    edited = await opened(api, answer)

    seen = parse(edited.parameters["text"])
    assert edited.parameters["message_id"] == answer.parameters["_message_id"]
    assert above(edited) == above(answer)
    assert seen.covered("Bold")[-2].startswith("2 · ")
    assert labels(edited) == [
        ["📄 Văn bản 2", "⤢ Ngữ cảnh 2", "Thu gọn"],
        ["▾ 2", "3", "4", "5", "6", "7"],
        ["👍", "👎", "📋 Sao chép"],
    ]


@pytest.mark.parametrize("label", ["Thu gọn", "▾ 2"])
async def test_it_is_closed_again(api, bot, label):
    """The message is what it was, with its buttons."""
    answer = await answered(api)
    edited = await opened(api, answer)

    closed = await opened(api, edited, label, count=2)

    assert parse(closed.parameters["text"]) == parse(answer.parameters["text"])
    assert closed.parameters["reply_markup"] == answer.parameters["reply_markup"]


async def test_another_place_is_opened_by_its_number(api, bot):
    """Its document and its context are those that the buttons lead to now."""
    answer = await answered(api)
    edited = await opened(api, answer)

    third = await opened(api, edited, "3", count=2)
    api.press(labelled(third, "⤢"), api.message_of(third), STAFF)
    _, context = await sent(api, 2)

    title = next(bold for bold in parse(third.parameters["text"]).covered("Bold") if bold.startswith("3 · "))
    assert labels(third)[0][0] == "📄 Văn bản 3"
    assert parse(context.parameters["text"]).text.startswith(title.removeprefix("3 · "))


async def test_a_rating_stays_when_a_place_is_opened(api, bot):
    """The row of ratings is the message's own."""
    answer = await answered(api)
    api.press(labelled(answer, "👍"), api.message_of(answer), STAFF)
    await sent(api, 1, "editMessageReplyMarkup")

    edited = await opened(api, answer)

    assert labels(edited)[-1] == ["👍 ✓", "👎", "📋 Sao chép"]


async def test_what_stands_below_the_ratings_stays(api, bot):
    """A follow-up without a reply offers to be asked by itself."""
    await answered(api)
    api.say("ở đâu?", STAFF)
    _, answer = await sent(api, 2)

    edited = await opened(api, answer)

    assert labels(answer)[-1] == ["Hỏi riêng câu này"]
    assert labels(edited)[-2:] == labels(answer)[-2:]


async def test_a_place_is_opened_after_a_restart(api, config):
    """What answers is taken from the message, what is opened from the state file."""
    async with running(config):
        answer = await answered(api)
    async with running(config):
        edited = await opened(api, answer)

    assert above(edited) == above(answer)
    assert labels(edited)[0][0] == "📄 Văn bản 2"


async def test_a_very_old_message_has_its_places_in_a_new_one(api, bot):
    """Telegram no longer gives its contents."""
    answer = await answered(api)
    old = {"chat": {"id": STAFF, "type": "private"}, "message_id": answer.parameters["_message_id"], "date": 0}
    api.press(labelled(answer, "Kết quả khác"), old, STAFF)

    _, more = await sent(api, 2)

    assert parse(more.parameters["text"]).text.startswith("Kết quả khác:\n2 · ")
    assert more.parameters["reply_parameters"]["message_id"] == answer.parameters["_message_id"]


async def test_in_a_group_whoever_may_ask_may_open(api, bot):
    """Another member of the staff; a stranger's press changes nothing."""
    bot.add(Person(88, "staff", "Người khác"), ADMIN)
    api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[MENTION])
    (answer,) = await sent(api, chat=GROUP)
    api.press(labelled(answer, "Kết quả khác"), api.message_of(answer), STRANGER)
    await sent(api, 1, "answerCallbackQuery")

    edited = await opened(api, answer, user=88)

    assert above(edited) == above(answer)
    assert len(api.sent("editMessageText")) == 1


@pytest.mark.parametrize("changed", ["benh-vien.txt", "bao-cao.txt"])
async def test_a_changed_document_is_not_opened(api, config, own_home, changed):
    """
    Neither another one below an answer from it, nor it below another: the press says so, the message stays.

    The place that is opened is of "bao-cao.txt", the answer of "benh-vien.txt".
    """
    async with running(config.model_copy(update={"index": IndexAddress(own_home.index)})):
        answer = await answered(api)
        edited = await opened(api, answer)
        (own_home.corpus / changed).write_text("Khác hẳn", encoding="utf-8")
        lines = parse(edited.parameters["text"]).text.split("\n")
        number = next(line[0] for line in reversed(lines) if " · Quy chế" in line)
        api.press(labelled(edited, number), api.message_of(answer), STAFF)
        *_, told = await sent(api, 2, "answerCallbackQuery")

    assert "đã thay đổi" in told.parameters["text"]
    assert len(api.sent("editMessageText")) == 1


async def test_what_has_no_room_comes_in_a_new_message(api, bot):
    """Below an answer that fills its message; a reply to it has the place open."""
    answer = await answered(api)
    full = {**api.message_of(answer), "text": "Dài" * 1300, "entities": []}
    api.press(labelled(answer, "Kết quả khác"), full, STAFF)

    _, more = await sent(api, 2)

    assert parse(more.parameters["text"]).text.startswith("Kết quả khác:\n2 · ")
    assert visible_length(more.parameters["text"]) <= LIMIT
    assert api.sent("editMessageText") == []


async def test_an_unsure_answer_shows_the_sentences_of_its_places(api, bot):
    """Closed and not opened: the reader has to choose."""
    passages = bot.passages_of(
        (await answered(api)).parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[1]
    )
    weak = bot.store_answer(STAFF, passages, None, AnswerSummary("weak", 0.3, 1))
    message = {**api.message_of(api.sent()[0])}
    api.press(f"o:{weak}:0:0", message, STAFF)

    (closed,) = await sent(api, 1, "editMessageText")

    below = parse(closed.parameters["text"])
    heading = below.text.index("Kết quả khác:")
    quoted = [offset for kind, offset, _ in below.entities if kind == "ExpandableBlockQuote" and offset > heading]
    assert len(quoted) == sum(shown.end > shown.start for shown in passages[1:3])


@pytest.mark.parametrize("place", [0, 1])
async def test_an_answer_from_before_ratings_has_its_further_places(api, bot, place):
    """Its row in the state file says neither its state nor how much it showed."""
    held = bot.passages_of(labelled(await answered(api), "📄").split(":")[1])
    answer_id = bot.store_answer(STAFF, [StoredPassage(p.passage_id, p.digest, p.start, p.end) for p in held])
    api.press(f"m:{answer_id}:{place}:0", api.message_of(api.sent()[0]), STAFF)

    _, more = await sent(api, 2)

    assert parse(more.parameters["text"]).text.startswith("Kết quả khác:\n4 · ")
