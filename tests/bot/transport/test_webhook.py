"""Updates by webhook: stored before they are confirmed, only with the secret, and back to polling."""

from __future__ import annotations

import asyncio
import json
import signal
import time

import pytest
from telegram import Bot

from bot.errors import ConfigError, OtherInstanceError
from bot.storage.opening import open_state
from bot.transport.inbox import Inbox
from bot.transport.webhook import Webhook
from tests.bot.conftest import ADMIN, STAFF, free_port, running
from tests.bot.conversation.test_questions import QUESTION, bot_file, sent
from tests.support.bot.call import Fault
from tests.support.bot.deliveries import HEADER
from tests.support.bot.server import person

URL = "https://bot.example/hook/a.b"
SECRET = "s3cret-s3cret-s3cret"  # noqa: S105 - known to the tests alone


@pytest.fixture
def settings(api):
    """A webhook on a free port, and the proxy pointed at it."""
    port = free_port()
    api.webhook.proxied = ("127.0.0.1", port)
    return {"webhook_url": URL, "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": SECRET}


@pytest.fixture
def hooked(config, settings):
    """The usual settings, with the webhook."""
    return type(config).model_validate({**config.model_dump(), **settings})


def question(number=1):
    """An update as Telegram posts it."""
    chat = {"id": STAFF, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person(STAFF), "text": QUESTION}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_a_delivered_question_is_answered(api, hooked):
    """Registered with the secret and the kinds of update that are heard; getUpdates is never called."""
    async with running(hooked):
        api.say(QUESTION, STAFF)

        (answer,) = await sent(api)

    assert "70 người" in answer.parameters["text"]
    assert (api.webhook.url, api.webhook.secret) == (URL, SECRET)
    assert api.webhook.allowed == ["message", "edited_message", "callback_query"]
    assert api.sent("getUpdates") == []


async def test_inline_queries_are_delivered_where_they_are_wanted(api, hooked):
    """Asked for by webhook as by polling."""
    async with running(hooked.model_copy(update={"inline": True})):
        api.type_inline(QUESTION, STAFF)

        (offered,) = await sent(api, 1, "answerInlineQuery")

    assert api.webhook.allowed == ["message", "edited_message", "callback_query", "inline_query"]
    assert "70 người" in str(offered.parameters["results"])


def test_no_confirmed_delivery_is_lost_to_kill_9(api, start, settings):
    """Killed by whoever read the 200, before anything else; the next start answers, though nothing comes again."""
    first = start(**settings)
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(500, delay=3600))
    api.webhook.on_confirmed = lambda _: first.send(signal.SIGKILL)
    api.say(QUESTION, ADMIN)
    assert first.wait() == -signal.SIGKILL
    api.wait(lambda: not api.updates)  # Telegram has forgotten it
    api.faults["sendMessage"].clear()
    api.webhook.on_confirmed = lambda _: None

    start(**settings)

    (answer,) = api.wait_sent()
    assert "70 người" in answer.parameters["text"]
    assert api.webhook.confirmed == [1000]


async def test_what_cannot_be_written_down_is_not_confirmed(api, hooked):
    """A full disk: 500, so that Telegram keeps the update, delivers it again, and it is answered then."""
    async with running(hooked) as state:
        state.database.connection.execute("ALTER TABLE updates RENAME TO away")
        api.say(QUESTION, STAFF)
        await asyncio.to_thread(api.wait, lambda: api.webhook.failures)
        assert api.webhook.confirmed == []
        state.database.connection.execute("ALTER TABLE away RENAME TO updates")

        answer = (await sent(api, 2, chat=STAFF))[-1]

    assert "70 người" in answer.parameters["text"]
    assert "500" in api.webhook.failures[0]


@pytest.mark.parametrize(
    ("headers", "path", "method", "body", "status"),
    [
        ({HEADER: "wrong"}, None, "POST", question(), "403"),
        ({}, None, "POST", question(), "403"),
        ({HEADER: ""}, None, "POST", question(), "403"),
        ({HEADER: "đ".encode().decode("latin-1")}, None, "POST", question(), "403"),
        ({HEADER: SECRET}, "/hook/aXb", "POST", question(), "404"),
        ({HEADER: SECRET}, None, "GET", b"", "405"),
        ({HEADER: SECRET}, None, "POST", b"no JSON", "400"),
        ({HEADER: SECRET}, None, "POST", b'{"update_id": "x"}', "400"),
    ],
    ids=["wrong secret", "no secret", "empty", "other letters", "path", "method", "no JSON", "no id"],
)
async def test_what_is_turned_away_is_not_handled(api, hooked, headers, path, method, body, status):
    """Nothing is written down, nobody is answered."""
    async with running(hooked):
        said = await asyncio.to_thread(api.webhook.post, body, headers, path, method)

        assert status in said
        assert bot_file(hooked, "SELECT count(*) FROM updates") == 0
    assert api.sent() == []


@pytest.mark.parametrize("body", [b'{"update_id": 5, "message": {"text": "m\xe1\xba\xadt"}}', b"[" * 5000])
async def test_what_cannot_be_read_does_not_come_again_nor_into_the_log(api, hooked, caplog, body):
    """Confirmed if it has an id, so that it does not block other updates; its text is not logged."""
    async with running(hooked):
        deep = b'{"update_id": 6, "message": ' + body + b"}"
        said = [await asyncio.to_thread(api.webhook.post, each, {HEADER: SECRET}) for each in (body, deep)]
        api.say(QUESTION, STAFF)

        await sent(api)

    assert said[1] == ""
    assert "mật" not in caplog.text
    assert SECRET not in caplog.text


async def test_a_second_delivery_is_answered_once(api, hooked):
    """Telegram repeats one whose confirmation was lost."""
    async with running(hooked):
        for _ in range(2):
            await asyncio.to_thread(api.webhook.post, question(7), {HEADER: SECRET})
        api.say("/start", STAFF)

        first, second = await sent(api, 2)

    assert "70 người" in first.parameters["text"]
    assert "tra cứu tài liệu" in second.parameters["text"]


def test_without_deliveries_a_bot_by_webhook_goes_on(api, start, settings):
    """The watchdog for silence is for polling; a quiet day by webhook is a quiet day."""
    process = start(**settings, silence_seconds="0.5")
    api.wait(lambda: api.sent("setMyCommands"))
    time.sleep(1.5)

    api.say("/start", ADMIN)

    assert api.wait_sent()
    process.send(signal.SIGTERM)
    assert process.wait() == 0


def test_polling_deletes_the_webhook(api, start, settings):
    """Without the setting, the same bot fetches the updates waiting at the server."""
    first = start(**settings)
    api.wait(lambda: api.sent("setMyCommands"))
    first.send(signal.SIGTERM)
    assert first.wait() == 0
    api.say(QUESTION, ADMIN)  # nobody listens any more
    api.wait(lambda: api.webhook.failures)

    start()

    (answer,) = api.wait_sent()
    assert "70 người" in answer.parameters["text"]
    assert api.webhook.url == ""


def test_a_secret_is_made_where_none_is_given(api, start, settings):
    """A new one at each start, in no log."""
    made = []
    for number in (1, 2):
        process = start(**{**settings, "webhook_secret": ""})
        api.wait_sent(number, "setWebhook")
        made.append(api.webhook.secret)
        process.send(signal.SIGTERM)
        process.wait()

    assert made[0] != made[1]
    assert all(len(secret) >= 32 and secret not in process.log() for secret in made)


@pytest.fixture
async def lent(hooked, tmp_path):
    """PTB's bot, and a Webhook that looks often at what the server says."""
    bot, state = Bot(hooked.token.get_secret_value(), base_url=hooked.api), open_state(tmp_path / "other.sqlite")
    await bot.initialize()
    webhook = Webhook(hooked, Inbox(state), every=0.05)
    await webhook.start(bot)
    yield bot, webhook
    await webhook.stop()
    await bot.shutdown()
    state.close()


async def test_failed_deliveries_are_logged(api, lent, caplog):
    """What Telegram says of them, once for each; nobody else reads getWebhookInfo."""
    api.webhook.fail("Connection timed out")

    await sent(api, len(api.sent("getWebhookInfo")) + 3, "getWebhookInfo")

    assert caplog.text.count("could not deliver (Connection timed out)") == 1


async def test_a_webhook_that_somebody_took_ends_the_bot(api, lent):
    """Another process polls with the token: nothing would ever be delivered here again."""
    bot, webhook = lent
    webhook.check()
    await bot.delete_webhook()
    await sent(api, len(api.sent("getWebhookInfo")) + 2, "getWebhookInfo")

    with pytest.raises(OtherInstanceError, match="it delivers nowhere: stop the other process"):
        webhook.check()


async def test_an_address_that_is_taken_is_named(api, hooked, lent):
    """Before anything is registered."""
    registered = len(api.sent("setWebhook"))

    with pytest.raises(ConfigError, match=r"TRICHDAN_WEBHOOK_LISTEN names a free address .* choose another"):
        async with running(hooked):
            pass

    assert len(api.sent("setWebhook")) == registered


async def test_a_url_that_telegram_refuses_is_named(api, hooked):
    """With the server's own reason."""
    api.fail("setWebhook", Fault(400, "Bad Request: bad webhook: IP address 10.0.0.1 is reserved"))

    with pytest.raises(ConfigError, match=r"10\.0\.0\.1 is reserved.: correct it"):
        async with running(hooked):
            pass


async def test_a_stranger_is_a_stranger(api, hooked):
    """Access is the same as by polling."""
    async with running(hooked):
        api.say(QUESTION, 5555)

        (answer,) = await sent(api)

    assert "chưa được cấp quyền" in answer.parameters["text"]
