"""A primary and a standby: a machine is lost while questions are asked."""

from __future__ import annotations

import threading

import pytest

from retrieval.errors import UnreachableIndex
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.retrieval.index.postgres.two_servers import TwoServers
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]

QUESTION = "Kho số 7 có bao nhiêu gạo?"
BOTS = 3


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
