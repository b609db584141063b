"""
Approved answers: what a person in charge replied, kept for the same question.

Each stands on a passage, and is no longer shown when that has changed.
"""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass

from bot.storage.state import BotState, StoredPassage, parse_passages, sha256
from retrieval import without_courtesies
from retrieval.language import fold

_WORD = re.compile(r"\w+")
_STORE = """
    INSERT INTO approved (chat_id, message_id, question, text, by, passage, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (chat_id, message_id) DO UPDATE SET question = excluded.question, text = excluded.text,
    by = excluded.by, passage = excluded.passage, at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """
    A reply, who gave it, and the passage that it stands on.

    `at`: seconds since the epoch.
    """

    text: str
    by: str
    at: float
    passage: StoredPassage


class ApprovedAnswers:
    """The approved answers in the state, by the message that was replied to."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def store(self, chat_id: int, message_id: int, question: str, answer: ApprovedAnswer) -> None:
        """Keep a reply; it replaces an earlier one to the same message."""
        passage = json.dumps([list(astuple(answer.passage))])
        row = (chat_id, message_id, _key(question), answer.text, answer.by, passage, answer.at)
        with self._state.transaction() as db:
            db.execute(_STORE, row)

    def withdraw(self, chat_id: int, message_id: int) -> bool:
        """Drop a reply; returns whether there was one."""
        with self._state.transaction() as db:
            query = "DELETE FROM approved WHERE chat_id = ? AND message_id = ?"
            return db.execute(query, (chat_id, message_id)).rowcount > 0

    def find(self, question: str) -> ApprovedAnswer | None:
        """
        The newest answer to the same question, None if there is none.

        The same but for courtesies, capitals, punctuation and diacritics.
        """
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT text, by, at, passage FROM approved WHERE question = ? ORDER BY at DESC LIMIT 1",
                (_key(question),),
            ).fetchone()
        if row is None:
            return None
        text, by, at, passage = row
        return ApprovedAnswer(text, by, at, parse_passages(passage)[0])


def _key(question: str) -> str:
    """A digest, since the words are of who asked, who may have them erased."""
    return sha256(" ".join(_WORD.findall(fold(without_courtesies(" ".join(question.split()))))))
