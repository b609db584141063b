"""
Retention: what is deleted from the state file, when its time is over or when the one whom it is about asks for it.

Roles and the audit trail are the organisation's record and never touched here.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import dataclass

from bot.storage.state import StateFile

_LOGGER = logging.getLogger(__name__)
_DAY = 86_400.0
_MINUTE = 60.0
ROWS = 400  # days that answers, ratings and counts are kept: a year can be compared with the one before
_ORPHANS = "DELETE FROM ratings WHERE answer_id NOT IN (SELECT answer_id FROM answers)"


@dataclass(frozen=True, slots=True)
class ErasureCounts:
    """What was deleted of somebody."""

    questions: int
    answers: int
    ratings: int


class Retention:
    """
    Deletes from a state file.

    Args:
        days: how long the text of a question is kept.
    """

    def __init__(self, state: StateFile, *, days: int) -> None:
        self._state = state
        self._days = days

    async def daily(self) -> None:
        """Deletes what is too old, now and once a day; never ends by itself."""
        while True:
            try:
                self.expire()
            except sqlite3.Error:
                _LOGGER.exception("old rows could not be deleted: see the disk of the state file")
            await asyncio.sleep(_DAY)

    async def minutely(self) -> None:
        """Empties the log of the texts of answered questions, once a minute if there are any; never ends by itself."""
        while True:
            await asyncio.sleep(_MINUTE)
            try:
                if self._state.unscrubbed:
                    self._state.scrub()
            except sqlite3.Error:
                _LOGGER.exception("the log of the state file could not be emptied: see its disk")

    def expire(self) -> None:
        """Blanks the text of questions, and deletes rows, whose time is over."""
        texts, rows = (self._state.now() - days * _DAY for days in (self._days, ROWS))
        with self._state.transaction() as db:
            db.execute("UPDATE answers SET question = NULL WHERE question IS NOT NULL AND at < ?", (texts,))
            db.execute("UPDATE updates SET payload = NULL WHERE payload IS NOT NULL AND at < ?", (texts,))
            db.execute("DELETE FROM answers WHERE at < ?", (rows,))
            db.execute("DELETE FROM asked WHERE at < ?", (rows,))
            db.execute(_ORPHANS)
        self._state.scrub()

    def erase(self, user_id: int) -> ErasureCounts:
        """
        Deletes what was kept of somebody's questions and ratings, and what others thought of their answers.

        A question of theirs that still waits to be sent an answer is given up.
        """
        with self._state.transaction() as db:
            ratings = db.execute("DELETE FROM ratings WHERE user_id = ?", (user_id,)).rowcount
            answers = db.execute("DELETE FROM answers WHERE user_id = ?", (user_id,)).rowcount
            questions = db.execute("DELETE FROM asked WHERE user_id = ?", (user_id,)).rowcount
            db.execute(_ORPHANS)
            db.execute(
                "UPDATE updates SET payload = NULL "
                "WHERE payload IS NOT NULL "
                "AND ? IN (json_extract(payload, '$.message.from.id'), "
                "json_extract(payload, '$.callback_query.from.id'))",
                (user_id,),
            )
        self._state.scrub()
        return ErasureCounts(questions, answers, ratings)
