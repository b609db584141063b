"""
Encrypt texts of people with a key of their day, which is dropped.

PostgreSQL overwrites nothing: a deleted row stays in its page until that is used again, and in the write-ahead log.
What is read there later is without its key, except where the key's own row is found.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.storage.database import Purpose

if TYPE_CHECKING:
    from bot.storage.postgres.postgres_database import PostgresDatabase

_DAY: Final = 86_400.0
_NONCE: Final = 12  # bytes: NIST SP 800-38D; random ones are safe for 2^32 texts under one key
_TAKE: Final = "SELECT key FROM keys WHERE purpose = ? AND day = ?"
# Of yesterday, since an update of its last minute may still be answered, and follow-ups reach back a day.
_SPENT: Final = """
    DELETE FROM keys WHERE purpose = 'update' AND day < ?
    AND day NOT IN (SELECT split_part(payload, ':', 1)::integer FROM updates WHERE payload IS NOT NULL)
"""


class DayKeys:
    """The keys in a database, one for each purpose and day."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._known: dict[tuple[Purpose, int], bytes] = {}

    def seal(self, purpose: Purpose, text: str, at: float) -> str:
        """Encrypt a text with the key of its day: "day:nonce and text in base 64"."""
        day, nonce = int(at // _DAY), os.urandom(_NONCE)
        if (purpose, day) not in self._known:
            self._known.clear()  # a new day: those of before may have been dropped by another process
        key = self._find(purpose, day) or self._create(purpose, day)
        sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
        return f"{day}:{base64.b64encode(sealed).decode()}"

    def unseal(self, purpose: Purpose, sealed: str) -> str | None:
        """A text that was sealed, None once its day's key is gone."""
        day, _, text = sealed.partition(":")
        key = self._find(purpose, int(day))
        if key is None:
            return None
        raw = base64.b64decode(text)
        try:
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except InvalidTag:  # the key of that day was dropped, and another one made since
            return None

    def forget(self) -> None:
        """Look keys up again, since what the database holds may have changed."""
        self._known.clear()

    def drop(self, *, texts: float, now: float) -> None:
        """Drop the keys of older texts, and of updates that were all answered."""
        self.forget()
        self._database.run("DELETE FROM keys WHERE day < ?", int(texts // _DAY))
        self._database.run(_SPENT, int(now // _DAY) - 1)

    def _find(self, purpose: Purpose, day: int) -> bytes | None:
        if (purpose, day) not in self._known:
            rows = self._database.run(_TAKE, purpose, day)
            if not rows or self._database.is_in_transaction:  # which may yet be rolled back
                return bytes(rows[0][0]) if rows else None
            self._known[purpose, day] = bytes(rows[0][0])
        return self._known[purpose, day]

    def _create(self, purpose: Purpose, day: int) -> bytes:
        values = (purpose, day, AESGCM.generate_key(256))
        self._database.run("INSERT INTO keys (purpose, day, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", *values)
        return bytes(self._database.run(_TAKE, purpose, day)[0][0])
