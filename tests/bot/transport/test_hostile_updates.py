"""Hostile updates over real HTTP: the bot survives, and no stranger sees a word of the documents."""

from __future__ import annotations

import os
import random

from telegram import Update

from bot.storage.state import Person
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.hostile_updates import assault
from tests.support.bot.server import person

_TEXTS = [
    QUESTION, "/start", "/start x", "/start " + "A" * 64, "/moi quantri", "/xoa -1", "/xoa 9" + "9" * 30, "/vidu",
    "/nguon@other_bot", "/tailieu " + "ế" * 300, "\u202e\u0000</b><b>", "𝕏" * 2000, "/", "@trichdan_test_bot", " ",
    "%s{0}{user}", "🙂" * 50,
]  # fmt: skip
_DATA = [
    "s:a:0:1", "v:::", "l:999999", "l:-1", "d:AAAAAAAA:0:0", "m:AAAAAAAA:999:0", "\u0000", "x" * 64,
    "s:" + "A" * 16 + ":9:-9",
]  # fmt: skip
_FORMS = [
    {"text": "", "photo": []},
    {"text": "", "location": {"latitude": 1.0, "longitude": 2.0}},
    {"text": "", "contact": {"phone_number": "1", "first_name": "<b>", "user_id": 6}},
    {"text": "", "new_chat_members": [person(6)]},
    {"text": "", "pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
    {"forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}},
    {"entities": [{"type": "bot_command", "offset": 0, "length": 900}]},
    {"entities": [{"type": "mention", "offset": 700, "length": 9}]},
    {"from": None},
    {"via_bot": person(9)},
    {},
]


def one(draw):
    """One update of a stranger, in a chat of their own or a group."""
    chat = draw.choice([STRANGER, STRANGER, GROUP, -2002])
    kind = {"type": "private"} if chat > 0 else {"type": "supergroup", "title": "x"}
    message = {"message_id": draw.randrange(1, 999), "date": 1, "chat": {"id": chat, **kind}}
    spoken = {**message, "from": person(STRANGER), "text": draw.choice(_TEXTS), **draw.choice(_FORMS)}
    if spoken["text"].startswith("/"):
        spoken.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": len(spoken["text"].split()[0])}])
    spoken = {name: value for name, value in spoken.items() if value not in ("", None)}
    press = {"id": "1", "from": person(STRANGER), "chat_instance": "1", "data": draw.choice(_DATA), "message": message}
    return draw.choice(
        [
            {"message": spoken},
            {"message": spoken},
            {"edited_message": spoken},
            {"channel_post": spoken},
            {"callback_query": press},
            {"callback_query": {name: value for name, value in press.items() if name != "message"}},
            {"inline_query": {"id": "1", "from": person(STRANGER), "query": QUESTION, "offset": ""}},
            {"poll": {}, "message": spoken},
            {},
        ]
    )


async def test_a_stranger_gets_nothing_whatever_they_send(api, bot):
    """Three hundred updates by a fixed seed: one refusal in the stranger's chat, nothing in groups, no rights given."""
    draw = random.Random(20261122)  # noqa: S311 - a fixed sample
    for _ in range(300):
        api.push(**one(draw))
    api.say(QUESTION, STAFF)

    await sent(api, 1, chat=STAFF)

    told = [call.parameters["text"] for call in api.sent() if call.parameters["chat_id"] not in {STAFF, ADMIN}]
    assert len(told) <= 1
    assert all("5555" in text and "70 người" not in text for text in told)
    assert api.sent("sendDocument") == []
    assert [each.user_id for each in bot.people()] == [STAFF]


async def test_staff_break_nothing(api, bot, caplog):
    """The same from somebody who may ask: no incident, and the next question is answered."""
    for user, text in enumerate(_TEXTS, 100):  # one of the staff for each: a chat gets a message a second
        bot.add(Person(user, "staff", "A"), ADMIN)
        api.say(text, user)
    for data in _DATA:
        api.press(data, {"message_id": 1, "date": 1, "chat": {"id": STAFF, "type": "private"}}, STAFF)
    api.say(QUESTION, ADMIN)

    await sent(api, len(_DATA), "answerCallbackQuery")
    await sent(api, 1, chat=ADMIN)

    assert "incident" not in caplog.text


async def test_updates_of_every_type_and_their_ruins(api, bot):
    """Two thousand by a fixed seed, made from the Bot API's types: no harm, no leak, no right gained."""
    outcome = await assault(api, bot, int(os.environ.get("TRICHDAN_HOSTILE", "2000")), 20261122)

    assert set(outcome.kinds) == {*(set(Update.ALL_TYPES)), "(none)"}
    assert outcome.answered_after
    assert outcome.leaked == []
    assert outcome.people == []
    assert outcome.outside == 0
    assert outcome.incidents == {}
    assert sum(outcome.told.values()) <= 2  # of the strangers, two have ids that a server gives
