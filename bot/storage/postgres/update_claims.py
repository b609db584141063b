"""
Which process answers which update.

An update is claimed for some seconds, and the claim is renewed while it is handled: those of a process that vanished
are claimed by others. Only the oldest of a chat can be, so that its order holds across processes. Times are the
server's, since the clocks of machines differ.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.storage.state import SEEN_FOR, BotState

LEASE: Final = 30.0  # seconds
_FORGET: Final = "DELETE FROM updates WHERE update_id = ? AND at < ? AND payload IS NULL"
# A further delivery is written down too: it is confirmed only when the first one stands on the standby.
_ACCEPT: Final = """
    INSERT INTO updates (update_id, at, tries, payload, chat, sender, refused)
    SELECT ?, ?, 0, CASE WHEN waiting < ? THEN ?::text END, ?, ?, waiting >= ?
    FROM (SELECT count(*) AS waiting FROM updates WHERE sender = ? AND payload IS NOT NULL) AS found
    ON CONFLICT (update_id) DO UPDATE SET deliveries = updates.deliveries + 1
    RETURNING deliveries = 1, refused
"""
_REFUSED_BEFORE: Final = """
    SELECT 1 FROM updates WHERE sender = ? AND refused AND update_id != ?
    AND at >= (SELECT min(at) FROM updates WHERE sender = ? AND payload IS NOT NULL) LIMIT 1
"""
_CLAIM: Final = """
    UPDATE updates SET owner = ?, lease = now() + make_interval(secs => ?) WHERE update_id IN (
        SELECT update_id FROM updates AS oldest
        WHERE payload IS NOT NULL AND (lease IS NULL OR lease < now()) AND NOT EXISTS (
            SELECT FROM updates AS earlier
            WHERE earlier.chat = oldest.chat AND earlier.payload IS NOT NULL AND earlier.update_id < oldest.update_id
        )
        ORDER BY update_id LIMIT ? FOR UPDATE SKIP LOCKED
    ) RETURNING update_id, payload
"""
_RENEW: Final = "UPDATE updates SET lease = now() + make_interval(secs => ?) WHERE update_id = ANY(?) AND owner = ?"
_RELEASE: Final = "UPDATE updates SET owner = NULL, lease = NULL WHERE update_id = ANY(?) AND owner = ?"
_SETTLE: Final = "UPDATE updates SET payload = NULL, owner = NULL, lease = NULL WHERE update_id = ANY(?)"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether an update is new, or too many, which its sender is told once."""

    new: bool
    refused: bool = False
    tell: bool = False


class UpdateClaims:
    """
    The updates of a state that several processes share.

    Args:
        most: updates that one sender may have waiting.
        lease: seconds for which a claim holds.
    """

    def __init__(self, state: BotState, *, most: int, lease: float = LEASE) -> None:
        self._state = state
        self._most = most
        self._lease = lease
        self.owner = secrets.token_urlsafe(12)

    def accept(self, update_id: int, payload: str, *, chat: int, sender: int) -> Acceptance:
        """Store an update, or only its number where its sender has too many waiting."""
        now, run = self._state.now(), self._state.database.run
        sealed = self._state.database.seal("update", payload, now)
        run(_FORGET, update_id, now - SEEN_FOR)
        values = (update_id, now, self._most, sealed, chat, sender, self._most, sender)
        ((new, refused),) = run(_ACCEPT, *values)
        if not new or not refused:
            return Acceptance(new)
        return Acceptance(new=True, refused=True, tell=not run(_REFUSED_BEFORE, sender, update_id, sender))

    def claim(self, most: int) -> list[tuple[int, str | None]]:
        """
        Take the oldest update of each chat that nobody holds: (update id, payload), in order.

        A payload is None where its key was dropped.
        """
        if most <= 0:
            return []
        rows = self._state.database.run(_CLAIM, self.owner, self._lease, most)
        return [(update_id, self._state.database.unseal("update", sealed)) for update_id, sealed in sorted(rows)]

    def count(self) -> int:
        """How many updates await their answer."""
        ((count,),) = self._state.database.run("SELECT count(*) FROM updates WHERE payload IS NOT NULL")
        return int(count)

    def renew(self, update_ids: Collection[int]) -> None:
        """Hold updates for as long again."""
        if update_ids:
            self._state.database.run(_RENEW, self._lease, list(update_ids), self.owner)

    def release(self, update_ids: Collection[int]) -> None:
        """Let anybody claim updates."""
        if update_ids:
            self._state.database.run(_RELEASE, list(update_ids), self.owner)

    def settle(self, update_ids: Collection[int]) -> None:
        """Note that updates are answered; their texts are deleted."""
        if update_ids:
            self._state.database.run(_SETTLE, list(update_ids))
