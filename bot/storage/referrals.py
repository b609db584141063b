"""
Referrals: questions that their askers sent on to a contact, until they expire.

Bounded by person, so that nobody can flood a contact.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.storage.state import BotState

_DAY = 86_400.0
MOST_A_DAY = 10  # of one person
_STORE = """
    INSERT INTO referrals
    (contact_chat, contact_message, answer_id, asker_id, chat_id, message_id, question, at, speakers)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (contact_chat, contact_message) DO UPDATE SET answer_id = excluded.answer_id,
    asker_id = excluded.asker_id, chat_id = excluded.chat_id, message_id = excluded.message_id,
    question = excluded.question, at = excluded.at, speakers = excluded.speakers
"""


@dataclass(frozen=True, slots=True)
class Referral:
    """
    A question, its answer's id, and where it was asked.

    `question` is "" once one of its `speakers`, whose words it holds, has erased them.
    """

    answer_id: str
    asker_id: int
    chat_id: int
    message_id: int
    question: str
    speakers: frozenset[int]


class Referrals:
    """The referrals in the state, by the message that a contact was sent."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def may_refer(self, user_id: int, answer_id: str) -> bool:
        """Whether somebody may refer an answer's question: once, and few a day."""
        with self._state.transaction() as db:
            (count, same) = db.execute(
                "SELECT count(*), count(CASE WHEN answer_id = ? THEN 1 END) FROM referrals "
                "WHERE asker_id = ? AND at > ?",
                (answer_id, user_id, self._state.now() - _DAY),
            ).fetchone()
        return bool(count < MOST_A_DAY and not same)

    def store(self, contact_chat: int, contact_message: int, referral: Referral) -> None:
        """Note which message at a contact asks what."""
        now, question = self._state.now(), referral.question
        sealed = self._state.database.seal("question", question, now) if question else ""
        with self._state.transaction() as db:
            db.execute(
                _STORE,
                (
                    contact_chat,
                    contact_message,
                    referral.answer_id,
                    referral.asker_id,
                    referral.chat_id,
                    referral.message_id,
                    sealed,
                    now,
                    json.dumps(sorted(referral.speakers)),
                ),
            )

    def find(self, contact_chat: int, contact_message: int) -> Referral | None:
        """The referral that a message at a contact asks, None if it is another."""
        with self._state.transaction() as db:
            row = db.execute(
                "SELECT answer_id, asker_id, chat_id, message_id, question, speakers FROM referrals "
                "WHERE contact_chat = ? AND contact_message = ?",
                (contact_chat, contact_message),
            ).fetchone()
        if row is None:
            return None
        answer_id, asker_id, chat_id, message_id, sealed, speakers = row
        question = (sealed and self._state.database.unseal("question", sealed)) or ""
        return Referral(answer_id, asker_id, chat_id, message_id, question, frozenset(json.loads(speakers)))
