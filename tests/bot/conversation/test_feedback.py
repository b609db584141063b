"""Ratings: stored for each reader, with a reason, changed by another press, alive after a restart."""

from __future__ import annotations

import pytest

from bot.messages.en import EN
from bot.messages.vi import VI
from bot.storage.ratings import REASONS, Ratings
from bot.storage.state import Person, StoredPassage
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.server import person


def rows_of(call):
    """The keyboard of a message or of an edit."""
    return call.parameters["reply_markup"]["inline_keyboard"]


def data_of(call, label):
    """What the button of this label carries."""
    return next(b["callback_data"] for row in rows_of(call) for b in row if b["text"] == label)


async def press(api, call, data, user=STAFF, count=1, **who):
    """A press under a message as it is now; what it was answered with, the `count`th of the test."""
    api.press(data, api.message_of(call), user, **who)
    return (await sent(api, count, "answerCallbackQuery"))[-1].parameters.get("text")


async def settled(api):
    """Waits for a later message's answer: in order within a chat, whatever came of a press has come."""
    count = len(api.sent())
    api.say("/start", STAFF)
    await sent(api, count + 1)


async def answered(api, question=QUESTION, user=STAFF, chat=None, **message):
    """An answer to rate."""
    api.say(question, user, chat, **message)
    return (await sent(api))[-1]


async def test_praise_is_stored_and_thanked(api, bot):
    """With what was rated: the passages that the message shows, their scores, the state; no question, unless kept."""
    answer = await answered(api)
    said = await press(api, answer, data_of(answer, "👍"))
    await settled(api)

    (rated,) = Ratings(bot).answers()
    assert said == VI.thanks
    assert (rated.ups, rated.downs, rated.state, rated.question) == (1, 0, "found", None)
    assert rated.passages[0].passage_id == "benh-vien.txt#1"
    assert [shown.score for shown in rated.passages] == sorted((s.score for s in rated.passages), reverse=True)
    assert len(rated.passages) == 1
    assert 0 < rated.confidence <= 1


async def test_praise_leaves_a_trace(api, bot):
    """On the button; the other buttons stay, and a second press changes nothing."""
    answer = await answered(api)
    for count in (1, 2):
        await press(api, answer, data_of(answer, "👍"), count=count)
    await settled(api)

    (marked,) = api.sent("editMessageReplyMarkup")
    assert [b["text"] for b in rows_of(marked)[-1]] == ["👍 ✓", "👎", "📋 Sao chép"]
    assert rows_of(marked)[:-1] == rows_of(answer)[:-1]
    assert data_of(marked, "👍 ✓") == data_of(answer, "👍")


async def test_a_rejection_is_stored_before_its_reason_is_asked_for(api, bot):
    """Three buttons more below those that stood there, each on a row of its own; the text is left alone."""
    answer = await answered(api)
    said = await press(api, answer, data_of(answer, "👎"))
    (asking,) = await sent(api, 1, "editMessageReplyMarkup")

    assert said == VI.ask_reason
    assert Ratings(bot).counts(0).downs == {None: 1}
    assert [b["text"] for b in rows_of(asking)[-4]] == ["👍", "👎 ✓", "📋 Sao chép"]
    assert rows_of(asking)[:-4] == rows_of(answer)[:-1]
    assert [[b["text"] for b in row] for row in rows_of(asking)[-3:]] == [[label] for _, label in VI.reasons]
    assert api.sent("editMessageText") == []


@pytest.mark.parametrize(("reason", "label"), VI.reasons)
async def test_a_reason_is_stored_and_the_other_buttons_stay(api, bot, reason, label):
    """Once the reason is given, the earlier keyboard returns, with what was pressed."""
    answer = await answered(api)
    await press(api, answer, data_of(answer, "👎"))
    (asking,) = await sent(api, 1, "editMessageReplyMarkup")
    said = await press(api, answer, data_of(asking, label), count=2)
    _, chosen = await sent(api, 2, "editMessageReplyMarkup")

    assert said == VI.noted
    assert Ratings(bot).counts(0).downs == {reason: 1}
    assert rows_of(chosen) == rows_of(asking)[:-3]


async def test_pressing_again_changes_the_rating(api, bot):
    """One rating for each reader and answer, the last; praise takes the question why away."""
    answer = await answered(api)
    await press(api, answer, data_of(answer, "👎"))
    (asking,) = await sent(api, 1, "editMessageReplyMarkup")
    await press(api, answer, data_of(answer, "👍"), count=2)
    _, praised = await sent(api, 2, "editMessageReplyMarkup")

    (rated,) = Ratings(bot).answers()
    assert (rated.ups, rated.downs) == (1, 0)
    assert len(rows_of(asking)) == len(rows_of(praised)) + 3
    assert [b["text"] for b in rows_of(praised)[-1]][:2] == ["👍 ✓", "👎"]


async def test_pressing_the_same_again_changes_nothing(api, bot):
    """The server would refuse an edit that changes nothing, so none is tried."""
    answer = await answered(api)
    for count in (1, 2):
        await press(api, answer, data_of(answer, "👎"), count=count)
    await settled(api)

    assert Ratings(bot).counts(0).downs == {None: 1}
    assert len(api.sent("editMessageReplyMarkup")) == 1


async def test_nothing_found_can_be_rated(api, bot):
    """It shows no passages; no quote could be to blame, so a 👎 asks for no reason."""
    answer = await answered(api, "xyzzy plugh frobozz")
    said = await press(api, answer, data_of(answer, "👎"))
    await settled(api)

    (rated,) = Ratings(bot).answers()
    assert said == VI.noted
    (marked,) = api.sent("editMessageReplyMarkup")
    assert (rated.state, rated.passages, rated.downs) == ("none", (), 1)
    assert [[b["text"] for b in row] for row in rows_of(marked)] == [["📄 1", "📄 2"], ["👍", "👎 ✓"]]


async def test_a_rating_works_after_a_restart(api, config):
    """An old message's buttons find their answer in the state file."""
    async with running(config):
        answer = await answered(api)
    async with running(config) as state:
        said = await press(api, answer, data_of(answer, "👍"))

        assert (said, Ratings(state).counts(0).ups) == (VI.thanks, 1)


async def test_a_very_old_message_can_be_rated(api, bot):
    """Telegram no longer gives its contents, so its keyboard is left as it is; the rating counts."""
    answer = await answered(api)
    old = {"chat": {"id": STAFF, "type": "private"}, "message_id": answer.parameters["_message_id"], "date": 0}
    api.press(data_of(answer, "👎"), old, STAFF)

    await sent(api, 1, "answerCallbackQuery")
    await settled(api)

    assert Ratings(bot).counts(0).downs == {None: 1}
    assert api.sent("editMessageReplyMarkup") == []


async def test_in_a_group_each_rates_once(api, bot):
    """Everybody on the list, whoever asked; a stranger's press counts for nothing."""
    bot.add(Person(88, "staff", "Người khác"), ADMIN)
    mention = {"type": "mention", "offset": 0, "length": 18}
    answer = await answered(api, f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[mention])
    up, down = data_of(answer, "👍"), data_of(answer, "👎")
    presses = [(STAFF, up), (ADMIN, up), (88, down), (STRANGER, down), (STAFF, up)]
    for count, (user, data) in enumerate(presses, 1):
        await press(api, answer, data, user, count)

    (rated,) = Ratings(bot).answers()
    *_, marked = api.sent("editMessageReplyMarkup")
    assert (rated.ups, rated.downs) == (2, 1)
    assert [b["text"] for b in rows_of(marked)[-4]][:2] == ["👍 ✓2", "👎 ✓"]


@pytest.mark.parametrize(
    "data", ["r:unknown1:up", "r:unknown1:down:passage", "r:x:down:whatever", "r:x:sideways", "r:x:up\n"]
)
async def test_a_rating_of_nothing_says_so(api, bot, data):
    """Politely, and nothing is stored."""
    answer = await answered(api)
    said = await press(api, answer, data)

    assert said == VI.old_button
    assert Ratings(bot).answers() == []


async def test_a_list_of_documents_is_no_answer(api, bot):
    """Its ids are of the same kind, and are refused."""
    listed = bot.store_answer(STAFF, [StoredPassage("benh-vien.txt#1", "ab12", 0, 0)])

    assert Ratings(bot).rate(listed, STAFF, "up") is None


async def test_an_english_client_is_asked_in_english(api, bot):
    """The reasons too."""
    answer = await answered(api, **{"from": person(STAFF, "en")})
    query = {"id": "q1", "from": person(STAFF, "en"), "chat_instance": "1", "data": data_of(answer, "👎")}
    api.push(callback_query={**query, "message": api.message_of(answer)})

    (asking,) = await sent(api, 1, "editMessageReplyMarkup")

    assert [row[0]["text"] for row in rows_of(asking)[-3:]] == [label for _, label in EN.reasons]


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_every_reason_has_its_words(words):
    """In the order in which the buttons stand."""
    assert tuple(reason for reason, _ in words.reasons) == REASONS
    assert [state for state, _ in words.states] == ["found", "weak", "none"]


async def test_a_follow_up_is_kept_in_full(api, config):
    """Where questions are kept: "ở đâu?" alone would tell nobody what was asked."""
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        first = await answered(api)
        api.say("ở đâu?", STAFF, reply_to_message=api.message_of(first))
        _, second = await sent(api, 2)
        await press(api, second, data_of(second, "👍"))

        (rated,) = Ratings(state).answers()

    assert rated.question.endswith("ở đâu?")
    assert "bệnh viện" in rated.question.lower()
