"""Erasure: by whom it may be asked for, and what of a person's words stands elsewhere than in their own rows."""

from __future__ import annotations

import asyncio
import json

from bot.lifecycle import serving
from bot.messages.vi import VI
from bot.settings.contacts import Contacts
from bot.storage.erased_words import without_words
from bot.storage.opening import open_state
from bot.storage.state import Person
from bot.storage.usage import Usage
from bot.transport.redelivery import RetryDelays
from retrieval import Retriever
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.bot.conversation.test_inline import held_questions
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.storage.test_privacy import rows
from tests.bot.transport.test_redelivery import settled
from tests.support.bot.call import Fault
from tests.support.bot.server import person
from tests.support.encoders import BagEncoder
from tests.support.waiting import soon

COLLEAGUE = 78
WORD = "zzkhôngghilại"
MENTION = {"type": "mention", "offset": 0, "length": len("@trichdan_test_bot")}


def tables(state):
    """Every value of every table, as one text."""
    names = [name for (name,) in rows(state, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return str([rows(state, f"SELECT * FROM {name}") for name in names])  # noqa: S608 - names of our tables


async def removed(api, state):
    """Somebody who asked, and was removed."""
    api.say(QUESTION, STAFF)
    await sent(api, chat=STAFF)
    api.say(f"/xoa {STAFF}", ADMIN)
    await sent(api, 2, chat=STAFF)


async def test_who_was_removed_may_still_have_their_data_deleted(api, bot):
    """Nothing else is open to them, also after it."""
    await removed(api, bot)
    api.say("/quenlai", STAFF)
    prompt = (await sent(api, 3, chat=STAFF))[-1]
    api.press("f:yes", api.message_of(prompt), STAFF)
    (done,) = await sent(api, 1, "editMessageText")
    api.say(QUESTION, STAFF)
    refusal = (await sent(api, 4, chat=STAFF))[-1]

    assert "1 câu trả lời" in done.parameters["text"]
    assert rows(bot, "SELECT user_id FROM answers UNION ALL SELECT user_id FROM asked") == []
    assert "chưa được cấp quyền" in refusal.parameters["text"]


async def test_a_stranger_is_refused_the_command(api, bot):
    """As for any other message, and a forged press deletes nothing, not even the request that they made."""
    api.say("/quenlai", STRANGER)
    (refusal,) = await sent(api, chat=STRANGER)
    api.press("f:yes", api.message_of(refusal), STRANGER)

    await sent(api, 1, "answerCallbackQuery")

    assert "chưa được cấp quyền" in refusal.parameters["text"]
    assert rows(bot, "SELECT user_id FROM requests") == [(STRANGER,)]
    assert api.sent("editMessageText") == []


async def test_an_administrator_deletes_the_data_of_who_was_removed(api, bot):
    """After a confirmation, by a red button; the audit log says who did it for whom."""
    await removed(api, bot)
    api.say(f"/quenlai {STAFF}", ADMIN)
    prompt = (await sent(api, 2, chat=ADMIN))[-1]
    button = prompt.parameters["reply_markup"]["inline_keyboard"][0][0]
    api.press(button["callback_data"], api.message_of(prompt), ADMIN)
    (done,) = await sent(api, 1, "editMessageText")

    label = f"Người {STAFF} ({STAFF})"
    assert label in prompt.parameters["text"]
    assert (button["style"], done.parameters["text"][: len(f"Đã xóa dữ liệu của {label}")]) == (
        "danger",
        f"Đã xóa dữ liệu của {label}",
    )
    assert rows(bot, "SELECT user_id FROM answers UNION ALL SELECT user_id FROM asked") == []
    newest = bot.audit_log(1)[0]
    assert (newest.actor, newest.act, newest.subject) == (ADMIN, "erase", STAFF)


async def test_nobody_deletes_the_data_of_who_has_access(api, bot):
    """An administrator is told why, also where access was given back before the press."""
    bot.add(Person(COLLEAGUE, "staff", "Bà Bình"), ADMIN)
    Usage(bot).record(COLLEAGUE, "private", "found", {})
    api.say(f"/quenlai {COLLEAGUE}", ADMIN)
    (refusal,) = await sent(api, chat=ADMIN)
    api.press(f"f:yes:{COLLEAGUE}", api.message_of(refusal), ADMIN)
    (late,) = await sent(api, 1, "editMessageText")

    assert refusal.parameters["text"] == late.parameters["text"]
    assert refusal.parameters["text"].startswith(f"Bà Bình ({COLLEAGUE}) còn quyền sử dụng")
    assert rows(bot, "SELECT user_id FROM asked") == [(COLLEAGUE,)]


async def test_staff_delete_nobody_elses_data(api, bot):
    """The id behind the command is passed over, and a forged button is refused."""
    Usage(bot).record(COLLEAGUE, "private", "found", {})
    api.say(f"/quenlai {COLLEAGUE}", STAFF)
    (prompt,) = await sent(api, chat=STAFF)
    api.press(f"f:yes:{COLLEAGUE}", api.message_of(prompt), STAFF)

    (alert,) = await sent(api, 1, "answerCallbackQuery")

    assert prompt.parameters["text"] == VI.erasure_prompt
    assert alert.parameters["text"] == VI.admins_only
    assert rows(bot, "SELECT user_id FROM asked") == [(COLLEAGUE,)]


async def test_no_table_keeps_words_that_a_colleague_sent_on(api, config):
    """Their follow-up went to the person in charge with the first question in it; the reply comes back without."""
    settings = {"contacts": Contacts({"*": ADMIN}), "keep_questions": True}
    async with running(config.model_copy(update=settings)) as state:
        state.add(Person(COLLEAGUE, "staff", "Bà Bình"), ADMIN)
        api.say(f"@trichdan_test_bot Bệnh viện {WORD} có căng tin chay không?", STAFF, GROUP, entities=[MENTION])
        (first,) = await sent(api, 1, chat=GROUP)
        api.say("khi nào?", COLLEAGUE, GROUP, reply_to_message=api.message_of(first))
        _, second = await sent(api, 2, chat=GROUP)
        buttons = [each for row in second.parameters["reply_markup"]["inline_keyboard"] for each in row]
        press = next(each["callback_data"] for each in buttons if each.get("callback_data", "").startswith("h:"))
        api.press(press, api.message_of(second), COLLEAGUE)
        (asked,) = await sent(api, 1, chat=ADMIN)
        before = tables(state)
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await sent(api, 1, "editMessageText")
        after = tables(state)
        api.say("Năm 2019.", ADMIN, reply_to_message=api.message_of(asked))
        back = (await sent(api, 3, chat=GROUP))[-1]

    assert WORD in asked.parameters["text"]
    assert (WORD in before, WORD in after) == (True, False)
    assert back.parameters["text"].endswith("Năm 2019.")
    assert "blockquote" not in back.parameters["text"]


async def test_an_approved_answer_holds_no_question(api, config):
    """The same question finds it all the same."""
    question = f"Bệnh viện {WORD} có căng tin chay không?"
    async with running(config.model_copy(update={"contacts": Contacts({"*": ADMIN})})) as state:
        api.say(question, STAFF)
        (answer,) = await sent(api, 1, chat=STAFF)
        buttons = [each for row in answer.parameters["reply_markup"]["inline_keyboard"] for each in row]
        press = next(each["callback_data"] for each in buttons if each.get("callback_data", "").startswith("h:"))
        api.press(press, api.message_of(answer), STAFF)
        (asked,) = await sent(api, 1, chat=ADMIN)
        await sent(api, 1, "answerCallbackQuery")  # the bot knows by then whose replies to expect
        reply = api.say("Không có.", ADMIN, reply_to_message=api.message_of(asked))
        _, confirmed = await sent(api, 2, chat=ADMIN)
        keep = confirmed.parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        said = {**api.message_of(asked), "message_id": reply, "text": "Không có.", "from": person(ADMIN)}
        api.press(keep, {**api.message_of(confirmed), "reply_to_message": said}, ADMIN)
        await sent(api, 1, "editMessageText")
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await sent(api, 2, "editMessageText")
        await settled(state)
        left = tables(state)
        api.say(question.upper(), STAFF)
        again = (await sent(api, 3, chat=STAFF))[-1]

    assert "Không có." in left
    assert WORD not in left
    assert "zzkhongghilai" not in left
    assert "Không có." in again.parameters["text"]


async def test_a_forwarded_question_is_kept_for_nobody(api, config):
    """Who forwarded it did not type it; who typed it may have it erased."""
    origin = {"type": "user", "sender_user": person(COLLEAGUE), "date": 1}
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        state.add(Person(COLLEAGUE, "staff", "Bà Bình"), ADMIN)
        api.say(f"{QUESTION} {WORD}", STAFF, forward_origin=origin)
        await sent(api)
        await settled(state)

        assert WORD not in tables(state)


async def test_a_question_erased_during_its_search_is_neither_answered_nor_kept(api, config, monkeypatch):
    """Nor is another that waited for its turn in the group."""
    may_end = held_questions(monkeypatch)
    async with running(config.model_copy(update={"keep_questions": True})) as state:
        for _ in range(2):
            api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[MENTION])
        await sent(api, 1, "sendChatAction")
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await sent(api, 1, "editMessageText")
        may_end.set()
        api.say(QUESTION, ADMIN)
        await sent(api, 1, chat=ADMIN)
        await settled(state)

        assert rows(state, "SELECT user_id FROM answers UNION ALL SELECT user_id FROM asked") == [(ADMIN,), (ADMIN,)]
        assert api.sent(chat=GROUP) == []


async def test_an_erased_question_does_not_wait_in_memory(api, config):
    """Its answer was to be tried again in an hour; it is let go of at once."""
    state = open_state(config.state)
    state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)
    retry_delays = RetryDelays(back_off=(), pauses=(3600.0,))
    async with serving(config, Retriever(config.index, BagEncoder()), state, retry_delays=retry_delays) as running:
        services = running.services
        api.fail("sendMessage", Fault(cut=True))
        api.say(f"@trichdan_test_bot {QUESTION}", STAFF, GROUP, entities=[MENTION])
        await asyncio.to_thread(api.wait, lambda: not api.faults["sendMessage"])
        await soon(lambda: services.redelivery.waiting)
        api.press("f:yes", {"chat": {"id": STAFF, "type": "private"}, "message_id": 7, "date": 1}, STAFF)
        await soon(lambda: not services.redelivery.waiting)
    state.close()

    assert api.sent() == []


def test_words_go_from_what_a_colleague_sent():
    """Where it replies to them, quotes or forwards them; the colleague's own words stay."""
    theirs = {"message_id": 1, "from": {"id": 5}, "text": WORD, "entities": []}
    reply = {
        "message_id": 2,
        "from": {"id": 6},
        "text": "khi nào?",
        "reply_to_message": theirs,
        "quote": {"text": WORD},
    }
    forward = {"from": {"id": 6}, "forward_origin": {"sender_user": {"id": 5}}, "caption": WORD}

    stripped = [json.loads(without_words(json.dumps({"message": each}), 5)) for each in (reply, forward)]

    assert WORD not in json.dumps(stripped, ensure_ascii=False)
    assert stripped[0]["message"]["text"] == "khi nào?"
    assert without_words(json.dumps({"message": theirs}), 5) is None
