"""Several hosts in one address: who answers, and what is said when nobody does."""

from __future__ import annotations

import pytest

from retrieval.errors import UnreachableIndex
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.retrieval.contract.engines import CorpusAndPlace, PostgresEngine
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import PostgresServer, start_server

pytestmark = pytest.mark.slow

QUESTION = "Kho số 7 có bao nhiêu gạo?"
NOBODY = "postgresql://trichdan:rat-mat@127.0.0.1:1,127.0.0.1:2/trichdan?index=x"


@pytest.fixture
def built(site: CorpusAndPlace) -> CorpusAndPlace:
    """A document that answers."""
    site.write("b.txt", "Thông báo", "Kho số 7 có 200 tấn gạo.", "Kho số 8 có 90 tấn gạo.")
    site.build()
    return site


@pytest.mark.parametrize("ask", ["live", "open", "generations", "history", "origins", "settings", "clean_cache"])
def test_no_host_answers(server: PostgresServer, ask: str) -> None:
    """Which is said in one sentence, without the password."""
    with pytest.raises(UnreachableIndex, match=r"trichdan:\*\*\*@127\.0\.0\.1:1,127\.0\.0\.1:2") as told:
        getattr(open_place(NOBODY), ask)()

    assert "rat-mat" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_host_that_is_down_is_passed_over(built: CorpusAndPlace) -> None:
    """Whichever of them is asked first."""
    assert isinstance(built.engine, PostgresEngine)
    address = built.engine.address.replace("@127.0.0.1", "@127.0.0.1:1,127.0.0.1")

    answers = [Retriever(open_place(address), built.encoder).ask(QUESTION).hits[0].quote.text for _ in range(4)]

    assert answers == ["Kho số 7 có 200 tấn gạo."] * 4


def test_a_lost_connection_is_not_noticed(built: CorpusAndPlace, server: PostgresServer) -> None:
    """The question is asked once more, over another one."""
    retriever = Retriever(built.place, built.encoder)
    before = retriever.ask(QUESTION).hits[0].quote.text
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trichdan'")

    assert retriever.ask(QUESTION).hits[0].quote.text == before


def test_a_server_that_goes_is_said_and_comes_back(server: PostgresServer, tmp_path) -> None:
    """A Retriever needs no new start."""
    own = start_server()
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "b.txt").write_text("Thông báo\n\nKho số 7 có 200 tấn gạo.")

    class Site(PostgresEngine):
        def __init__(self) -> None:
            self.address = own.address(caches=tmp_path / "caches")

    try:
        site = CorpusAndPlace(Site(), corpus)
        site.build()
        retriever = Retriever(site.place, BagEncoder())
        before = retriever.ask(QUESTION).hits[0].quote.text
        own.interrupt()

        with pytest.raises(UnreachableIndex):
            retriever.ask(QUESTION)

        own.start()
        assert retriever.ask(QUESTION).hits[0].quote.text == before
    finally:
        own.stop()
