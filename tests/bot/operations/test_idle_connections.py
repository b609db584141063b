"""Connections that say nothing do not keep the bot from answering, and are closed."""

from __future__ import annotations

import asyncio
import resource
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from telegram import Bot

from bot.operations.metrics_server import serve_metrics
from bot.storage.opening import open_state
from bot.transport.inbox import Inbox
from bot.transport.webhook import Webhook
from tests.bot.conftest import ADMIN, free_port
from tests.bot.conversation.test_buttons import button
from tests.bot.conversation.test_questions import QUESTION
from tests.bot.transport.test_webhook import SECRET, URL
from tests.support.waiting import PATIENCE

CONNECTIONS = 1100
DESCRIPTORS = 1024  # what systemd gives a service


@pytest.fixture(autouse=True)
def many_descriptors():
    """For this end of the connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(port, held):
    """A connection that says nothing."""
    return held.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))


@pytest.mark.parametrize("kind", ["metrics", "webhook"])
def test_a_question_is_answered_beside_1100_idle_connections(api, start, kind):
    """So is a request for a file; the bot has 1,024 descriptors, as systemd gives it, and most of them stay free."""
    port = free_port()
    api.webhook.proxied = ("127.0.0.1", port)
    hook = {"webhook_url": URL, "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": SECRET}
    process = start(**({"metrics_port": str(port)} if kind == "metrics" else hook))
    api.wait(lambda: api.sent("setMyCommands"))
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))

    with ExitStack() as held:
        for _ in range(CONNECTIONS):
            connect(port, held)
        api.say(QUESTION, ADMIN)
        (answer,) = api.wait_sent()
        taken = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        api.press(button(answer, 0, 0), api.message_of(answer), ADMIN)  # which the bot opens itself
        (sending,) = api.wait_sent(1, "sendDocument")

    assert "70 người" in answer.parameters["text"]
    assert taken < DESCRIPTORS / 2
    assert sending.files


def test_an_idle_connection_to_the_metrics_is_closed():
    """After a time without a request."""
    port = free_port()
    end = serve_metrics(port, CollectorRegistry(), idle=0.1)

    with ExitStack() as held:
        said = connect(port, held).recv(1)

    end()
    assert said == b""


async def test_an_idle_connection_to_the_webhook_is_closed(config, tmp_path):
    """Before the secret is looked at."""
    port = free_port()
    state = open_state(tmp_path / "idle.sqlite")
    client = Bot(config.token.get_secret_value(), base_url=config.api)
    await client.initialize()
    hook = {"webhook_url": URL, "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": SECRET}
    webhook = Webhook(type(config).model_validate({**config.model_dump(), **hook}), Inbox(state), idle=0.1)
    await webhook.start(client)

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = await reader.read(1)

    writer.close()
    await webhook.stop()
    await client.shutdown()
    state.close()
    assert said == b""
