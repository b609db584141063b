"""
Documents that came through the chat: the only ones that may be changed through it.

With them what can be undone for a day, and the messages whose replies rename or replace a document.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from bot.storage.state import BotState

Change = Literal["removed", "replaced", "renamed"]
UPLOADS = "*"  # the folder of rows from before folders could be chosen: that for uploads
UNDO_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class ChatDocument:
    """A document that came through the chat; `folder` is relative to the corpus."""

    number: int
    folder: str
    name: str
    by: int
    at: float


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change that can be undone; `former` is the name before a renaming."""

    token: str
    change: Change
    folder: str
    name: str
    former: str


class ChatDocuments:
    """The rows of such documents in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def add(self, folder: str, name: str, by: int) -> None:
        """Note a document that was added or replaced."""
        values = (folder, name, by, self._state.now())
        with self._state.transaction() as db:
            db.execute(
                "INSERT INTO chat_documents (folder, name, by, at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (folder, name) DO UPDATE SET by = excluded.by, at = excluded.at",
                values,
            )

    def listed(self) -> list[ChatDocument]:
        """All of them, the newest first."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT number, folder, name, by, at FROM chat_documents ORDER BY at DESC, number DESC")
            return [ChatDocument(*row) for row in rows]

    def find(self, number: int) -> ChatDocument | None:
        """The document of a number, None if it is gone."""
        return next((each for each in self.listed() if each.number == number), None)

    def rename(self, number: int, name: str) -> None:
        """Note a document's new name."""
        with self._state.transaction() as db:
            db.execute(
                "DELETE FROM chat_documents WHERE name = ? AND number != ? "
                "AND folder = (SELECT folder FROM chat_documents WHERE number = ?)",
                (name, number, number),
            )
            db.execute("UPDATE chat_documents SET name = ? WHERE number = ?", (name, number))

    def remove(self, number: int) -> None:
        """Note that a document is gone."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM chat_documents WHERE number = ?", (number,))

    def note_change(self, change: Change, folder: str, name: str, former: str = "", *, token: str = "") -> str:
        """Note a change that can be undone; returns its token."""
        token = token or secrets.token_urlsafe(6)
        values = (token, change, folder, name, former, self._state.now())
        with self._state.transaction() as db:
            columns = "token, change, folder, name, former, at"
            db.execute(f"INSERT INTO undoable ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - a constant
        return token

    def find_change(self, token: str) -> Undoable | None:
        """The change of a token, within a day."""
        since = self._state.now() - UNDO_SECONDS
        with self._state.transaction() as db:
            db.execute("DELETE FROM undoable WHERE at < ?", (since,))
            query = "SELECT token, change, folder, name, former FROM undoable WHERE token = ?"
            row = db.execute(query, (token,)).fetchone()
        return Undoable(*row) if row else None

    def forget_change(self, token: str) -> None:
        """Note that a change was undone."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM undoable WHERE token = ?", (token,))

    def await_reply(self, chat_id: int, message_id: int, number: int) -> None:
        """Note that replies to a message concern a document, for a day."""
        with self._state.transaction() as db:
            db.execute("DELETE FROM document_messages WHERE at < ?", (self._state.now() - UNDO_SECONDS,))
            values = (chat_id, message_id, number, self._state.now())
            db.execute(
                "INSERT INTO document_messages (chat_id, message_id, number, at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (chat_id, message_id) DO UPDATE SET number = excluded.number, at = excluded.at",
                values,
            )

    def replied_to(self, chat_id: int, message_id: int) -> ChatDocument | None:
        """The document that a message concerns, None if there is none."""
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT number FROM document_messages WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)
            ).fetchone()
        return self.find(row[0]) if row else None
