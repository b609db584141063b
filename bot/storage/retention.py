"""
Retention: delete expired data, and a reader's own data on request.

Roles and the audit log are the organisation's record and never deleted here.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass

from bot.errors import StateUnavailableError
from bot.storage.access_requests import REQUEST_DAYS
from bot.storage.database import Transaction
from bot.storage.erased_words import without_words
from bot.storage.state import SEEN_FOR, BotState
from bot.storage.trusted_clock import TrustedClock

_LOGGER = logging.getLogger(__name__)
_DAY = 86_400.0
_MINUTE = 60.0
ROWS = 400  # days that answers, ratings and counts are kept: a year can be compared with the one before
_PENDING = "SELECT update_id, at, payload FROM updates WHERE payload IS NOT NULL"
# NOT EXISTS: PostgreSQL compares each row of NOT IN with every answer once they outgrow its work_mem.
_ORPHANS = "DELETE FROM ratings WHERE NOT EXISTS (SELECT 1 FROM answers WHERE answers.answer_id = ratings.answer_id)"


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """How much of a reader's data was deleted."""

    questions: int
    answers: int
    ratings: int


class Retention:
    """
    Deletes data from the state.

    Args:
        days: how long the text of a question is kept.
    """

    def __init__(self, state: BotState, *, days: int) -> None:
        self._state = state
        self._days = days
        self._clock = TrustedClock(state)

    async def expire_daily(self) -> None:
        """Delete expired data now and once a day, for ever."""
        while True:
            try:
                self.expire()
            except StateUnavailableError:
                _LOGGER.exception("old rows could not be deleted: see the state's disk")
            await asyncio.sleep(_DAY)

    async def scrub_minutely(self) -> None:
        """Scrub texts of answered questions from the write-ahead log once a minute, for ever."""
        while True:
            await asyncio.sleep(_MINUTE)
            try:
                if self._state.needs_scrub:
                    self._state.scrub()
            except StateUnavailableError:
                _LOGGER.exception("deleted text could not be overwritten: see the state's disk")

    def expire(self) -> None:
        """Blank expired question texts and delete expired rows, unless the clock is doubtful."""
        if not self._clock.agrees():
            return
        texts, rows = (self._state.now() - days * _DAY for days in (self._days, ROWS))
        with self._state.transaction() as db:
            db.execute("UPDATE answers SET question = NULL WHERE question IS NOT NULL AND at < ?", (texts,))
            db.execute("UPDATE updates SET payload = NULL WHERE payload IS NOT NULL AND at < ?", (texts,))
            db.execute("DELETE FROM updates WHERE at < ? AND payload IS NULL", (self._state.now() - SEEN_FOR,))
            db.execute("DELETE FROM referrals WHERE at < ?", (texts,))
            db.execute("DELETE FROM invites WHERE expires <= ?", (self._state.now(),))
            db.execute("DELETE FROM answers WHERE at < ?", (rows,))
            db.execute("DELETE FROM asked WHERE at < ?", (rows,))
            db.execute("DELETE FROM requests WHERE at < ?", (self._state.now() - REQUEST_DAYS * _DAY,))
            db.execute(_ORPHANS)
        self._state.database.drop_keys(texts=texts, now=self._state.now())
        self._state.scrub()

    def erase(self, user_id: int) -> ErasureCounts:
        """
        Delete a reader's questions, answers and ratings, and others' ratings of their answers.

        Questions of theirs that still await an answer are dropped, and their words are taken out of what others sent.
        A request for access stays unless it was granted, so that nobody can be announced anew by erasing it.
        """
        with self._state.transaction() as db:
            ratings = db.execute("DELETE FROM ratings WHERE user_id = ?", (user_id,)).rowcount
            answers = db.execute("DELETE FROM answers WHERE user_id = ?", (user_id,)).rowcount
            db.execute("DELETE FROM referrals WHERE asker_id = ?", (user_id,))
            _erase_from_referrals(db, user_id)
            questions = db.execute("DELETE FROM asked WHERE user_id = ?", (user_id,)).rowcount
            db.execute("DELETE FROM requests WHERE user_id = ? AND decision = 'admitted'", (user_id,))
            db.execute("DELETE FROM catalogue_visits WHERE user_id = ?", (user_id,))
            db.execute(_ORPHANS)
            self._erase_from_pending(db, user_id)
        self._state.scrub()
        return ErasureCounts(questions, answers, ratings)

    def _erase_from_pending(self, db: Transaction, user_id: int) -> None:
        """Take a person's words out of what still awaits its answer."""
        database = self._state.database
        stripped = []
        for update_id, at, sealed in db.execute(_PENDING).fetchall():
            payload = database.unseal("update", sealed)
            if payload is None or str(user_id) not in payload:
                continue
            left = without_words(payload, user_id)
            stripped.append((None if left is None else database.seal("update", left, at), update_id))
        # Another process may have answered it meanwhile.
        db.executemany("UPDATE updates SET payload = ? WHERE update_id = ? AND payload IS NOT NULL", stripped)


def _erase_from_referrals(db: Transaction, user_id: int) -> None:
    """Blank what was sent on and holds words of a person."""
    sent_on = db.execute(
        "SELECT contact_chat, contact_message, speakers FROM referrals WHERE question != ''"
    ).fetchall()
    theirs = [place for *place, speakers in sent_on if user_id in json.loads(speakers)]
    db.executemany("UPDATE referrals SET question = '' WHERE contact_chat = ? AND contact_message = ?", theirs)
