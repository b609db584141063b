"""
Questions of the last day, for replies that reach another process.

Each is a text that its writer makes, encrypted with the key that updates of its day have.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.storage.database import Row
from bot.storage.state import BotState

_DAY: Final = 86_400.0
_STORE: Final = """
    INSERT INTO recent_questions (chat_id, asking_id, answer_id, at, speakers, question) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (chat_id, asking_id, answer_id) DO UPDATE
    SET at = excluded.at, speakers = excluded.speakers, question = excluded.question
"""
_OF_MESSAGE: Final = """
    SELECT question FROM recent_questions
    WHERE chat_id = ? AND (asking_id = ? OR answer_id = ?) AND at > ? ORDER BY at DESC LIMIT 1
"""
_LATEST: Final = "SELECT question FROM recent_questions WHERE chat_id = ? AND at > ? ORDER BY at DESC LIMIT 1"


class RecentQuestions:
    """The questions in the state, by the messages that asked and answered them."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def store(self, chat_id: int, asking_id: int, answer_id: int, speakers: Collection[int], question: str) -> None:
        """Keep a question for a day; `speakers` are those whose words it holds."""
        now, run = self._state.now(), self._state.database.run
        sealed = self._state.database.seal("update", question, now)
        run("DELETE FROM recent_questions WHERE at < ?", now - _DAY)
        run(_STORE, chat_id, asking_id, answer_id, now, sorted(speakers), sealed)

    def of_message(self, chat_id: int, message_id: int) -> str | None:
        """The latest question that a message asks or answers, None if there is none."""
        since = self._state.now() - _DAY
        return self._opened(self._state.database.run(_OF_MESSAGE, chat_id, message_id, message_id, since))

    def latest(self, chat_id: int) -> str | None:
        """The latest question of a chat, None if there is none."""
        return self._opened(self._state.database.run(_LATEST, chat_id, self._state.now() - _DAY))

    def forget(self, user_id: int) -> None:
        """Drop every question that holds words of a user."""
        self._state.database.run("DELETE FROM recent_questions WHERE ?::bigint = ANY(speakers)", user_id)

    def _opened(self, rows: list[Row]) -> str | None:
        return self._state.database.unseal("update", rows[0][0]) if rows else None
