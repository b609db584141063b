"""
Open the state that TRICHDAN_STATE names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import ConfigError
from bot.state_address import StateAddress
from bot.storage.sqlite.sqlite_database import SqliteDatabase
from bot.storage.state import BotState


def open_state(address: StateAddress, *, now: Callable[[], float] = time.time) -> BotState:
    """
    The state at an address.

    Raises:
        StateError: it cannot be used.
        ConfigError: what it needs is not installed.
        NoResponseError: no server answers.
    """
    if isinstance(address, Path):
        return BotState(SqliteDatabase(address), now=now)
    try:
        from bot.storage.postgres.postgres_database import PostgresDatabase
    except ImportError as error:
        raise ConfigError(
            f"a state in PostgreSQL needs psycopg and cryptography, {error.name} is missing: "
            "run `pip install 'trichdan[postgres]'`"
        ) from error
    return BotState(PostgresDatabase(address), now=now)
