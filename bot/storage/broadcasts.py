"""
Broadcasts: a message of an administrator to everybody with access, and who has received it.

Each recipient is marked before and after the message is sent to them, so that a restart repeats none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.storage.state import BotState

Delivery = Literal["waiting", "sending", "sent", "unreachable"]
BROADCAST_DAYS = 30  # that it is kept who received one
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message that was confirmed; `text` is "" once everybody was tried."""

    number: int
    by: int
    text: str


class Broadcasts:
    """The broadcasts in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def draft(self, text: str, by: int) -> int:
        """Store a message that awaits its confirmation; returns its number."""
        with self._state.transaction() as db:
            since = self._state.now() - BROADCAST_DAYS * _DAY
            db.execute("DELETE FROM recipients WHERE number IN (SELECT number FROM broadcasts WHERE at < ?)", (since,))
            db.execute("DELETE FROM broadcasts WHERE at < ?", (since,))
            draft = "INSERT INTO broadcasts (by, at, text, state) VALUES (?, ?, ?, 'draft') RETURNING number"
            return int(db.execute(draft, (by, self._state.now(), text)).fetchone()[0])

    def confirm(self, number: int, recipients: Iterable[int]) -> bool:
        """Begin to send a draft of this day; False if it was decided about before."""
        with self._state.transaction() as db:
            draft = "UPDATE broadcasts SET state = 'sending' WHERE number = ? AND state = 'draft' AND at > ?"
            if not db.execute(draft, (number, self._state.now() - _DAY)).rowcount:
                return False
            rows = [(number, user_id) for user_id in recipients]
            db.executemany("INSERT INTO recipients (number, user_id, delivery) VALUES (?, ?, 'waiting')", rows)
        return True

    def cancel(self, number: int) -> bool:
        """Delete a draft; False if it was decided about before."""
        with self._state.transaction() as db:
            return db.execute("DELETE FROM broadcasts WHERE number = ? AND state = 'draft'", (number,)).rowcount > 0

    def unfinished(self) -> list[Broadcast]:
        """Those that are being sent, oldest first."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT number, by, text FROM broadcasts WHERE state = 'sending' ORDER BY number")
            return [Broadcast(*row) for row in rows]

    def next_recipient(self, number: int) -> int | None:
        """Somebody who was not tried yet, None if there is nobody left."""
        return next(iter(self.recipients(number, "waiting")), None)

    def recipients(self, number: int, delivery: Delivery) -> list[int]:
        """The recipients with this outcome."""
        query = "SELECT user_id FROM recipients WHERE number = ? AND delivery = ? ORDER BY user_id"
        with self._state.transaction() as db:
            return [user_id for (user_id,) in db.execute(query, (number, delivery))]

    def take(self, number: int, user_id: int) -> bool:
        """Begin to send to somebody who waits; False if another process did."""
        with self._state.transaction() as db:
            query = (
                "UPDATE recipients SET delivery = 'sending' WHERE number = ? AND user_id = ? AND delivery = 'waiting'"
            )
            return db.execute(query, (number, user_id)).rowcount > 0

    def mark(self, number: int, user_id: int, delivery: Delivery) -> None:
        """Note what became of a recipient's message."""
        with self._state.transaction() as db:
            query = "UPDATE recipients SET delivery = ? WHERE number = ? AND user_id = ?"
            db.execute(query, (delivery, number, user_id))

    def finish(self, number: int) -> bool:
        """Note that everybody was tried; the text is deleted. False if it was noted before."""
        with self._state.transaction() as db:
            query = "UPDATE broadcasts SET state = 'done', text = '' WHERE number = ? AND state = 'sending'"
            return db.execute(query, (number,)).rowcount > 0
