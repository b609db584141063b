"""A primary and a standby: a machine is lost while questions are asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import UnreachableIndex
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.retrieval.contract.engines import NOWHERE, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING, PostgresServer, start_server, start_standby
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]

QUESTION = "Kho số 7 có bao nhiêu gạo?"
BOTS = 3


class TwoServers:
    """A primary with an index and its standby, and their common address."""

    def __init__(self, caches: Path) -> None:
        self._caches = caches
        self.primary = start_server()
        self.build(70)
        self.standby = start_standby(self.primary)  # after the build: pg_textsearch 1.0 does not log a new index

    @property
    def address(self) -> str:
        both = f"@127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return self.alone(self.primary).replace(f"@127.0.0.1:{self.primary.port}", both)

    def alone(self, server: PostgresServer) -> str:
        return server.address(caches=self._caches)

    def build(self, tons: int, address: str = "") -> None:
        documents = [document(f"d{number}", f"Kho số {number} có {tons} tấn gạo.") for number in range(6, 9)]
        open_place(address or self.alone(self.primary)).build(documents, BagEncoder(), **NOWHERE)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[TwoServers]:
    """Two servers of one test alone."""
    found = TwoServers(tmp_path)
    yield found
    found.standby.stop()
    found.primary.stop()


def answer(retriever: Retriever) -> str:
    """The first quote."""
    return retriever.ask(QUESTION).hits[0].quote.text


def test_a_standby_answers_alone(servers: TwoServers) -> None:
    """What it has, and what it gets."""
    retriever = Retriever(open_place(servers.alone(servers.standby)), BagEncoder())
    before = answer(retriever)
    servers.build(700)

    assert before == "Kho số 7 có 70 tấn gạo."
    assert until(lambda: answer(retriever) == "Kho số 7 có 700 tấn gạo.")


def test_a_lost_primary_loses_no_question(servers: TwoServers) -> None:
    """Bots that know both hosts go on asking; a build waits for the promotion."""
    found: list[str] = []
    faults: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        retriever = Retriever(open_place(servers.address), BagEncoder())
        while not stop.is_set():
            try:
                found.append(answer(retriever))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(BOTS)]
    for thread in threads:
        thread.start()
    until(lambda: len(found) > 10 * BOTS)
    servers.primary.kill()
    asked = len(found)
    until(lambda: len(found) > asked + 10 * BOTS or len(faults) > BOTS)
    with pytest.raises(UnreachableIndex):
        servers.build(700, servers.address)
    servers.standby.execute("SELECT pg_promote()")
    servers.build(700, servers.address)
    until(lambda: "Kho số 7 có 700 tấn gạo." in found or len(faults) > BOTS)
    stop.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert set(found) == {"Kho số 7 có 70 tấn gạo.", "Kho số 7 có 700 tấn gạo."}
