"""A server of this process, and a place in it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.retrieval.contract.engines import CorpusAndPlace, PostgresEngine
from tests.retrieval.index.postgres.two_servers import TwoServers
from tests.support.postgres_server import IS_INSTALLED, MISSING, PostgresServer, shared_server


@pytest.fixture
def server() -> PostgresServer:
    """A real one on loopback; without the wheel its tests are skipped."""
    if not IS_INSTALLED:
        pytest.skip(MISSING)
    return shared_server()


@pytest.fixture
def site(server: PostgresServer, tmp_path: Path) -> CorpusAndPlace:
    """Nothing was built; the corpus is empty."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return CorpusAndPlace(PostgresEngine(tmp_path / "index"), corpus)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[TwoServers]:
    """A primary and a standby of one test alone."""
    found = TwoServers(tmp_path)
    yield found
    found.standby.stop()
    found.primary.stop()
