"""Groups that an administrator opens and closes from the chat."""

from __future__ import annotations

from bot.messages.vi import VI
from bot.settings.visibility import read_visibility
from tests.bot.administration.test_reindex import texts
from tests.bot.administration.test_uploads import buttons
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.bot.test_access import after
from tests.support.bot.server import BOT, person

OTHER = -1002
ASKED = f"@{BOT['username']} {QUESTION}"
MENTION = {"entities": [{"type": "mention", "offset": 0, "length": len(BOT["username"]) + 1}]}


async def test_an_administrator_opens_and_closes_a_group(api, config):
    """It is answered in at once and after a restart, and no more when it is closed; all of it is on record."""
    async with running(config):
        api.say(f"/monhom@{BOT['username']}", ADMIN, OTHER)
        (opened,) = await texts(api, 1, OTHER)
    async with running(config) as state:
        api.say(ASKED, STAFF, OTHER, **MENTION)
        answer = (await texts(api, 2, OTHER))[-1]
        api.say("/dongnhom", ADMIN, OTHER)
        closed = (await texts(api, 3, OTHER))[-1]
        api.say(ASKED, STAFF, OTHER, **MENTION)
        refused = (await texts(api, 4, OTHER))[-1]
        acts = [act.act for act in state.audit_log()][:2]

    assert opened == VI.groups.opened.format(title="Nhóm")
    assert "70 người" in answer
    assert closed == VI.groups.closed.format(title="Nhóm")
    assert refused == VI.closed_group.format(chat=OTHER)
    assert acts == [f"close group: Nhóm ({OTHER})", f"open group: Nhóm ({OTHER})"]


async def test_staff_and_strangers_open_nothing(api, bot):
    """In a closed group their command is not even answered, nor is anything else but a mention by staff."""
    for user in (STAFF, STRANGER):
        api.say("/monhom", user, OTHER)
    api.say("/help", ADMIN, OTHER)
    await after(api, bot, STAFF)

    assert api.sent(chat=OTHER) == []


async def test_a_group_of_the_settings_stays_open(api, bot):
    """The administrator is told why."""
    api.say("/dongnhom", ADMIN, GROUP)

    (told,) = await texts(api, 1, GROUP)

    assert told == VI.groups.fixed.format(title="Nhóm")


async def test_who_adds_the_bot_is_asked_in_private(api, bot):
    """The button opens the group, and closes it again; others who add it are not asked."""
    for user in (STAFF, STRANGER, ADMIN):
        api.say("", user, OTHER, new_chat_members=[BOT])
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Mở nhóm"], api.message_of(asked), ADMIN)
    (opened,) = await sent(api, 1, "editMessageText")
    api.say(ASKED, STAFF, OTHER, **MENTION)
    (answer,) = await texts(api, 1, OTHER)
    api.press(buttons(opened)["Đóng nhóm"], api.message_of(opened), ADMIN)
    _, closed = await sent(api, 2, "editMessageText")

    assert asked.parameters["text"] == VI.groups.ask_to_open.format(title="Nhóm")
    assert "70 người" in answer
    assert closed.parameters["text"] == VI.groups.closed.format(title="Nhóm")
    assert [call.parameters["chat_id"] for call in api.sent() if call.parameters["chat_id"] in {STAFF, STRANGER}] == []


async def test_somebody_else_who_joins_is_no_reason_to_ask(api, bot):
    """A colleague comes into a group with the bot."""
    api.say("", ADMIN, OTHER, new_chat_members=[person(STAFF)])
    await after(api, bot, STAFF)

    assert api.sent(chat=ADMIN) == []


async def test_a_passed_on_button_opens_nothing(api, bot):
    """Pressed by staff."""
    api.say("", ADMIN, OTHER, new_chat_members=[BOT])
    (asked,) = await sent(api, 1, chat=ADMIN)
    api.press(buttons(asked)["Mở nhóm"], api.message_of(asked, STAFF), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.admins_only


async def test_a_group_that_sees_nothing_is_opened_with_a_warning(api, config):
    """An opened group may read no more than TRICHDAN_COLLECTIONS allows."""
    rules = read_visibility("staff=chung")
    async with running(config.model_copy(update={"collections": rules})):
        api.say("/monhom", ADMIN, OTHER)
        (told,) = await texts(api, 1, OTHER)

    assert told.endswith(f"⚠ {VI.groups.sees_nothing}")
