"""Metrics, scraped over HTTP from a bot that answers."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import ConfigError
from bot.health import is_healthy
from bot.operations.metrics import Metrics
from retrieval.index.address import IndexAddress
from tests.bot.conftest import ADMIN, ROOT, STAFF, STRANGER, free_port, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.call import Fault


@pytest.fixture
def measured(config):
    """The usual settings, with metrics on a free port."""
    return config.model_copy(update={"metrics_port": free_port()})


async def scraped(config):
    """Every sample by its name and labels."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"http://127.0.0.1:{config.metrics_port}/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return text, {(sample.name, *sample.labels.values()): sample.value for sample in samples}


async def test_what_happened_is_counted(api, measured):
    """Two questions found, one with no answer; one stranger; one 429; figures of the process."""
    api.fail("sendMessage", Fault(429, "Too Many Requests: retry after 1", retry_after=1))
    async with running(measured):
        for text in (QUESTION, QUESTION, "giá vàng thế giới hôm qua tăng mấy phần trăm"):
            api.say(text, STAFF)
        await sent(api, 3)  # the pause is theirs: nobody times how long a refusal waits
        api.say(QUESTION, STRANGER)
        await sent(api, 4)
        figures = {}
        while figures.get(("trichdan_answer_seconds_count", "message")) != 4:  # the server knows of the last one first
            _, figures = await scraped(measured)

    assert figures["trichdan_questions_total", "found"] == 2
    assert figures["trichdan_questions_total", "none"] == 1
    assert figures["trichdan_questions_total", "unavailable"] == 0
    assert figures["trichdan_updates_accepted_total",] == 4
    assert figures["trichdan_requests_paused_total",] == 1
    assert figures["trichdan_incidents_total",] == 0
    assert figures["trichdan_updates_waiting",] == 0
    assert figures["trichdan_answer_seconds_bucket", "message", "120.0"] == 4
    assert figures["trichdan_answer_seconds_sum", "message"] >= 1.0  # the 429 was waited out
    assert figures["trichdan_search_seconds_count",] == 3
    assert figures["process_resident_memory_bytes",] > 1e7
    assert 0 < figures["trichdan_index_age_seconds",] < 3600


async def test_an_index_that_is_gone(api, own_home, measured):
    """A question is unavailable and an incident; the age is missing, not zero."""
    async with running(measured.model_copy(update={"index": IndexAddress(own_home.index)})):
        shutil.rmtree(own_home.index)
        api.say(QUESTION, ADMIN)
        await sent(api)

        _, figures = await scraped(measured)

    assert figures["trichdan_questions_total", "unavailable"] == 1
    assert figures["trichdan_incidents_total",] == 1
    assert ("trichdan_index_age_seconds",) not in figures


async def test_nobody_is_named(api, measured):
    """No id of a chat or a user, no word of a question."""
    async with running(measured):
        api.say(QUESTION, STAFF)
        await sent(api)

        text, _ = await scraped(measured)

    labels = re.findall(r'(\w+)="', text)
    assert set(labels) <= {"state", "kind", "le"}


async def test_nothing_listens_without_the_setting(api, config):
    """0 is off; two bots in one program do not share a registry either."""
    async with running(config):
        pass

    assert Metrics().registry is not Metrics().registry


async def test_metrics_are_for_this_machine(measured):
    """Bound to 127.0.0.1, not to every address."""
    end = Metrics().serve(measured.metrics_port)
    try:
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect(("127.0.0.2", measured.metrics_port))
    finally:
        end()


def test_a_port_that_is_taken_is_named(measured):
    """Rule, value found, remedy."""
    end = Metrics().serve(measured.metrics_port)
    try:
        with pytest.raises(ConfigError, match=rf"TRICHDAN_METRICS_PORT .* {measured.metrics_port} is none"):
            Metrics().serve(measured.metrics_port)
    finally:
        end()


def test_health_is_the_beat_of_the_event_loop(measured):
    """Well while it beats; not half a minute later, nor when nobody listens."""
    metrics = Metrics()
    before = time.time()
    metrics.beat()
    after = time.time()
    end = metrics.serve(measured.metrics_port)
    try:
        judged = [is_healthy(measured.metrics_port, now=moment) for moment in (before, before + 29, after + 31)]
    finally:
        end()

    assert [*judged, is_healthy(measured.metrics_port, now=after)] == [True, True, False, False]


def test_a_process_that_answers_is_well(api, start):
    """As the container's health check asks: a program of its own."""
    port = free_port()
    start(metrics_port=str(port))
    api.wait(lambda: api.sent("setMyCommands"))

    asked = [subprocess.run([sys.executable, "-m", "bot.health", str(p)], cwd=ROOT, check=False) for p in (port, 1)]

    assert [each.returncode for each in asked] == [0, 1]
