"""The state in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.state_address import StateServer
from bot.storage.opening import open_state
from bot.storage.state import BotState
from tests.bot.conftest import Now
from tests.support.bot.state_server import empty_state_server
from tests.support.postgres_server import IS_INSTALLED, MISSING

NEEDS_POSTGRES = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]


@pytest.fixture
def server() -> StateServer:
    """An empty database of PostgreSQL; without the wheel its tests are skipped."""
    if not IS_INSTALLED:
        pytest.skip(MISSING)
    return empty_state_server()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=NEEDS_POSTGRES)])
def state(request: pytest.FixtureRequest, tmp_path: Path, now: Now) -> Iterator[BotState]:
    """The state of one test, in each of the databases."""
    is_file = request.param == "sqlite"
    state = open_state(tmp_path / "state.sqlite" if is_file else request.getfixturevalue("server"), now=now)
    yield state
    state.close()


@pytest.fixture
def state_file(tmp_path: Path, now: Now) -> Iterator[BotState]:
    """The state of one test, in a file."""
    state = open_state(tmp_path / "state.sqlite", now=now)
    yield state
    state.close()
