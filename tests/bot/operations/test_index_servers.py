"""Metrics of the servers of an index: looked at in the background, so that no scrape waits for one."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.operations.index_servers import IndexServers
from retrieval.index.opening import open_place
from tests.retrieval.contract.engines import NOWHERE, PostgresEngine, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]


class Clock:
    """Tells what the test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An index with one document in a server of this process."""
    engine = PostgresEngine(tmp_path)
    engine.place().build([document("d", "Kho số 7 có 70 tấn gạo.")], BagEncoder(), **NOWHERE)
    return engine.address


def beside(address: str, port: int) -> str:
    """The same address with another host of this machine before its own."""
    return address.replace("@127.0.0.1", f"@127.0.0.1:{port},127.0.0.1")


def scraped(servers: IndexServers) -> dict[tuple[str, ...], float]:
    """Every sample by its name and labels, as Prometheus reads them."""

    class _Collector:
        def collect(self):
            return servers.metrics()

    registry = CollectorRegistry()
    registry.register(_Collector())
    text = generate_latest(registry).decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        (sample.name, *(sample.labels[name] for name in ("host", "generation") if name in sample.labels)): sample.value
        for sample in samples
    }


def test_each_host_is_told_of(address: str) -> None:
    """One that answers and one that does not; nothing before the first look is over."""
    servers, place = IndexServers(open_place(beside(address, 1))), open_place(address)
    before = time.time()
    first = scraped(servers)
    servers.wait()
    figures = scraped(servers)
    host, down = f"127.0.0.1:{address.partition('127.0.0.1:')[2].partition('/')[0]}", "127.0.0.1:1"

    assert first == {}
    assert {key: value for key, value in figures.items() if key[0].rpartition("_")[2] != "seconds"} == {
        ("trichdan_index_up", down): 0,
        ("trichdan_index_up", host): 1,
        ("trichdan_index_primary", host): 1,
        ("trichdan_index_live_generation", host, place.live()): 1,
    }
    assert [key for key in figures if key[0].endswith("trip_seconds")] == [("trichdan_index_trip_seconds", host)]
    assert 0 < figures["trichdan_index_trip_seconds", host] < time.time() - before
    assert figures["trichdan_index_look_timestamp_seconds",] >= before


def test_a_host_that_hangs_holds_up_no_scrape(address: str) -> None:
    """Two scrapes are over while one look still waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        servers = IndexServers(open_place(beside(address, silent.getsockname()[1])), seconds=0)
        scraped(servers)
        look = servers._looking
        scraped(servers)
        is_going_on = look is not None and look.is_alive()
    servers.wait()

    assert is_going_on
    assert servers._looking is look
    assert [value for key, value in scraped(servers).items() if key[0] == "trichdan_index_up"] == [0, 1]


def test_they_are_looked_at_once_in_a_while(address: str) -> None:
    """However often Prometheus scrapes."""
    clock, looks = Clock(), []
    servers = IndexServers(open_place(address), seconds=15, clock=clock)
    for clock.now in (100.0, 114.9, 115.0, 129.9):
        scraped(servers)
        servers.wait()
        looks.append(servers._last)

    assert looks[0] is looks[1]
    assert looks[1] is not looks[2]
    assert looks[2] is looks[3]


def test_the_age_of_the_index_waits_for_no_server(address: str) -> None:
    """It is unknown until the first look has read it."""
    servers = IndexServers(open_place(address))
    before = servers.built
    scraped(servers)
    servers.wait()

    assert before is None
    assert servers.built == pytest.approx(time.time(), abs=3600)


def test_a_folder_has_no_servers(tmp_path: Path) -> None:
    """And nothing looks for them."""
    servers = IndexServers(open_place(tmp_path))

    assert scraped(servers) == {}
    assert servers._looking is None
