"""
Names of people: as they call themselves, for lists that otherwise hold ids only.

Kept for whoever has or had access, since the audit log names them for good.
"""

from __future__ import annotations

from bot.storage.state import STORE_NAME, BotState

_LONGEST = 130  # characters; Telegram allows 64 for each of two names


class Names:
    """The names in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state
        self._seen: dict[int, str] = {}  # what was remembered since the start

    def of(self, user_id: int) -> str:
        """Somebody's name, "" if it is unknown."""
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT name, 1 AS preference FROM names WHERE user_id = ? "
                "UNION ALL SELECT name, 2 FROM requests WHERE user_id = ? AND name != '' ORDER BY preference",
                (user_id, user_id),
            ).fetchone()
        return row[0] if row else ""

    def is_known(self, user_id: int) -> bool:
        """Whether somebody has access, or had it."""
        with self._state.transaction() as db:
            return db.execute("SELECT 1 FROM names WHERE user_id = ?", (user_id,)).fetchone() is not None

    def label(self, user_id: int) -> str:
        """Somebody as a list shows them. Example: "Nguyễn An (701)"."""
        name = self.of(user_id)
        return f"{name} ({user_id})" if name else str(user_id)

    def remember(self, user_id: int, name: str) -> None:
        """Note what somebody calls themselves now."""
        name = storable(name)
        if not name or self._seen.get(user_id) == name:
            return
        self._seen[user_id] = name
        with self._state.transaction() as db:
            db.execute(STORE_NAME, (user_id, name))
            db.execute("UPDATE people SET name = ? WHERE user_id = ?", (name, user_id))


def storable(name: str) -> str:
    """A name on one line, of a bounded length, in characters that a database takes."""
    return " ".join(name[:_LONGEST].replace("\0", " ").encode(errors="replace").decode().split())
