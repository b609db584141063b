"""The command /vidu."""

from __future__ import annotations

from bot.storage.ratings import Ratings
from bot.storage.state import AnswerSummary
from tests.bot.conftest import ADMIN, GROUP, STAFF
from tests.bot.conversation.test_questions import sent

MADE = ["Báo cáo quý được nộp trước ngày nào?", "Bệnh viện dã chiến cấp 2 có bao nhiêu người?"]


def labels(call):
    """What the keys of a keyboard say, row by row."""
    return [[key["text"] for key in row] for row in call.parameters["reply_markup"]["keyboard"]]


async def test_examples_are_keys_that_ask_what_the_documents_answer(api, bot):
    """One from each document; a key sends its words as a message."""
    api.say("/vidu", STAFF)

    (call,) = await sent(api)

    assert labels(call) == [[question] for question in MADE]
    assert all(f"• <code>{question}</code>" in call.parameters["text"] for question in MADE)


async def test_in_a_group_there_are_no_keys(api, bot):
    """They would cover everybody's keyboard."""
    api.say("/vidu", STAFF, GROUP)

    (call,) = await sent(api, chat=GROUP)

    assert "reply_markup" not in call.parameters


async def test_questions_that_several_found_well_answered_come_first(api, bot):
    """What one person asked, or somebody found badly answered, is not shown to others."""
    api.say("Bệnh viện dã chiến cấp 2 có bao nhiêu người?", STAFF)
    (first,) = await sent(api)
    rate = first.parameters["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    passages = bot.passages_of(rate.split(":")[1])
    for question, raters in {"Viện có mấy người?": (1, 2), "Lương của tôi?": (1,), "Hỏng?": (1, 2, -3)}.items():
        answer = bot.store_answer(STAFF, passages, question, AnswerSummary("found", 0.9, 1))
        for rater in raters:
            Ratings(bot).rate(answer, abs(rater), "up" if rater > 0 else "down")
    api.say("/vidu", ADMIN)

    (call,) = await sent(api, chat=ADMIN)

    assert labels(call) == [["Viện có mấy người?"], *([question] for question in MADE)]
