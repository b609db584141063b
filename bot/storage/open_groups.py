"""
Groups that administrators opened from the chat, beside those of the settings.
"""

from __future__ import annotations

from bot.storage.names import storable
from bot.storage.state import BotState


class OpenGroups:
    """The opened groups of the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def ids(self) -> frozenset[int]:
        """The chat ids of all."""
        with self._state.transaction() as db:
            return frozenset(chat_id for (chat_id,) in db.execute("SELECT chat_id FROM open_groups"))

    def open(self, chat_id: int, title: str, by: int) -> None:
        """Open a group."""
        values = (chat_id, storable(title), by, self._state.now())
        with self._state.transaction() as db:
            db.execute(
                "INSERT INTO open_groups (chat_id, title, by, at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (chat_id) DO UPDATE SET title = excluded.title, by = excluded.by, at = excluded.at",
                values,
            )
        self._state.log_action(by, f"open group: {storable(title)} ({chat_id})")

    def close(self, chat_id: int, by: int) -> None:
        """Close a group."""
        with self._state.transaction() as db:
            row = db.execute("DELETE FROM open_groups WHERE chat_id = ? RETURNING title", (chat_id,)).fetchone()
        if row:
            self._state.log_action(by, f"close group: {row[0]} ({chat_id})")
