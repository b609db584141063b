"""
Open the state that TRICHDAN_STATE names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.storage.sqlite.sqlite_database import SqliteDatabase
from bot.storage.state import BotState


def open_state(address: Path, *, now: Callable[[], float] = time.time) -> BotState:
    """
    The state at an address.

    Raises:
        StateError: it cannot be used.
    """
    return BotState(SqliteDatabase(address), now=now)
