"""
Facts about the state: when it was last tidied, whose it is.
"""

from __future__ import annotations

from typing import Literal

from bot.storage.state import BotState

Fact = Literal["bot", "root", "expired", "doubted", "erased"]


class Facts:
    """Single values in the state, by name."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def find(self, name: Fact) -> str | None:
        """A value, None if it was never noted."""
        with self._state.transaction() as db:
            row = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def note(self, name: Fact, value: str) -> None:
        """Note a value instead of the one before."""
        with self._state.transaction() as db:
            db.execute(
                "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def drop(self, name: Fact) -> None:
        """Note that there is no such value any more."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM facts WHERE name = ?", (name,))
