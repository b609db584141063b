"""
Access requests: strangers who wrote to the bot, and what was decided about each.

Bounded, so that a flood of strangers fills neither the disk nor the administrators' chats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.storage.names import storable
from bot.storage.state import BotState

Decision = Literal["admitted", "refused", "removed"]
DAY = 86_400.0
REQUEST_DAYS = 30  # that a request is kept
_MOST = 500  # requests kept at a time
_COLUMNS = "user_id, name, language, bundle, decision, decided_by"
_RECORD = """
    INSERT INTO requests (user_id, name, language, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, language = excluded.language, at = excluded.at,
    bundle = NULL, decision = NULL, decided_by = NULL, decided_at = NULL
"""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One stranger's request; `bundle` numbers the notice that announced it, None before."""

    user_id: int
    name: str
    language: str
    bundle: int | None
    decision: Decision | None
    decided_by: int | None


class AccessRequests:
    """The access requests in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def record(self, user_id: int, name: str, language: str) -> bool:
        """
        Record a request; returns whether it awaits a decision.

        A request that was decided, or announced, more than a day ago is made anew.
        """
        now = self._state.now()
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT decision, coalesce(decided_at, at) FROM requests WHERE user_id = ?", (user_id,)
            ).fetchone()
            if row and row[1] > now - DAY:
                return row[0] is None
            db.execute("DELETE FROM requests WHERE at < ?", (now - REQUEST_DAYS * DAY,))
            (count,) = db.execute("SELECT count(*) FROM requests").fetchone()
            if count >= _MOST and not row:
                oldest = "SELECT user_id FROM requests WHERE at < ? ORDER BY at LIMIT 1"
                if not db.execute(f"DELETE FROM requests WHERE user_id = ({oldest})", (now - DAY,)).rowcount:  # noqa: S608 - a constant
                    return False
            values = (user_id, storable(name), language, now)
            db.execute(_RECORD, values)
        return True

    def is_refused(self, user_id: int) -> bool:
        """Whether a request was refused within a day."""
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT 1 FROM requests WHERE user_id = ? AND decision = 'refused' AND decided_at > ?",
                (user_id, self._state.now() - DAY),
            ).fetchone()
        return row is not None

    def find(self, user_id: int) -> AccessRequest | None:
        """Somebody's request, None if there is none."""
        return next(iter(self._select("user_id = ?", user_id)), None)

    def undecided(self) -> list[AccessRequest]:
        """The requests that await a decision, oldest first."""
        return self._select("decision IS NULL")

    def unannounced(self) -> list[AccessRequest]:
        """Those of them that no notice has announced."""
        return self._select("decision IS NULL AND bundle IS NULL")

    def of_bundle(self, bundle: int) -> list[AccessRequest]:
        """The requests that one notice announced."""
        return self._select("bundle = ?", bundle)

    def bundle(self, user_ids: Iterable[int]) -> int:
        """Count requests as announced together; returns the number of their notice."""
        with self._state.transaction() as db:
            (number,) = db.execute("SELECT 1 + coalesce(max(bundle), 0) FROM requests").fetchone()
            db.executemany("UPDATE requests SET bundle = ? WHERE user_id = ?", [(number, each) for each in user_ids])
        return int(number)

    def decide(self, user_id: int, decision: Decision, by: int) -> None:
        """Note a decision, also about somebody who never asked."""
        values = (user_id, self._state.now(), decision, by, self._state.now())
        with self._state.transaction() as db:
            db.execute(
                "INSERT INTO requests (user_id, name, language, at, decision, decided_by, decided_at) "
                "VALUES (?, '', '', ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE "
                "SET decision = excluded.decision, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
                values,
            )

    def _select(self, condition: str, *values: object) -> list[AccessRequest]:
        query = f"SELECT {_COLUMNS} FROM requests WHERE {condition} ORDER BY at, user_id"  # noqa: S608 - constants
        with self._state.transaction() as db:
            return [AccessRequest(*row) for row in db.execute(query, values)]
