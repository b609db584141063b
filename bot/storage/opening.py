"""
Open the state that TRICHDAN_STATE names.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from bot.errors import ConfigError, StateError
from bot.state_address import StateAddress
from bot.storage.database import LEADER
from bot.storage.sqlite.sqlite_database import SqliteDatabase
from bot.storage.sqlite.state_lock import state_lock
from bot.storage.state import BotState

_WORK = 600.0  # seconds for a statement while no bot answers: a copy writes years of rows at once


@contextmanager
def open_alone(address: StateAddress) -> Iterator[BotState]:
    """
    The state at an address while no bot answers from it.

    Raises:
        StateError: a bot does, or it cannot be used.
    """
    with state_lock(address) if isinstance(address, Path) else nullcontext():
        state = open_state(address, seconds=_WORK)
        try:
            lock = state.database.try_lock(LEADER)
            if lock is None:
                raise StateError(f"this is done while no bot answers from {address}, a process does: stop all of them")
            try:
                yield state
            finally:
                lock.release()
        finally:
            state.close()


def open_state(
    address: StateAddress, *, now: Callable[[], float] = time.time, seconds: float | None = None
) -> BotState:
    """
    The state at an address.

    `seconds`: how long a server may take for a statement, by default no longer than a running bot may pause.

    Raises:
        StateError: it cannot be used.
        ConfigError: what it needs is not installed.
        NoResponseError: no server answers.
    """
    if isinstance(address, Path):
        return BotState(SqliteDatabase(address), now=now)
    try:
        from bot.storage.postgres.patience import SECONDS
        from bot.storage.postgres.postgres_database import PostgresDatabase
    except ImportError as error:
        raise ConfigError(
            f"a state in PostgreSQL needs psycopg and cryptography, {error.name} is missing: "
            "run `pip install 'trichdan[postgres]'`"
        ) from error
    return BotState(PostgresDatabase(address, seconds=seconds or SECONDS), now=now)
