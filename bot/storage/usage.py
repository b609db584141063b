"""
Usage: one row for each answered question, without its text.

A row says when and by whom it was asked, its state, and the time that each stage took.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.storage.state import AnswerState, BotState
from retrieval.language import fold


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, up to and including today; `since` is when they begin."""

    days: tuple[date, ...]
    since: float


@dataclass(frozen=True, slots=True)
class UsageCounts:
    """The questions of a period."""

    people: int
    by_day: dict[date, Counter[AnswerState]]  # only days with questions

    @property
    def states(self) -> Counter[AnswerState]:
        """How many questions had each state."""
        return sum(self.by_day.values(), Counter[AnswerState]())


class Usage:
    """
    The rows of answered questions in the state.

    Args:
        zone: whose days are counted; this machine's if None.
    """

    def __init__(self, state: BotState, zone: tzinfo | None = None) -> None:
        self._state = state
        self._zone = zone

    def record(self, user_id: int, chat: str, outcome: AnswerState, milliseconds: Mapping[str, float]) -> None:
        """Record an answered question; `chat` is its kind, `milliseconds` are by stage, with the total."""
        spent = json.dumps({stage: round(value, 1) for stage, value in milliseconds.items()})
        with self._state.transaction() as db:
            values = (self._state.now(), user_id, chat, outcome, spent)
            db.execute("INSERT INTO asked (at, user_id, chat, state, milliseconds) VALUES (?, ?, ?, ?, ?)", values)

    def period(self, days: int) -> Period:
        """The period of the last `days` days, today included."""
        today = self._day(self._state.now())
        first = today - timedelta(days - 1)
        since = datetime.combine(first, time(), self._zone).timestamp()
        return Period(tuple(first + timedelta(n) for n in range(days)), since)

    def counts(self, period: Period) -> UsageCounts:
        """Count the questions of a period."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT at, user_id, state FROM asked WHERE at >= ?", (period.since,)).fetchall()
        by_day: dict[date, Counter[AnswerState]] = {}
        for at, _, state in rows:
            by_day.setdefault(self._day(at), Counter())[state] += 1
        return UsageCounts(len({user_id for _, user_id, _ in rows}), by_day)

    def unanswered(self, period: Period, limit: int) -> list[tuple[str, int]]:
        """
        The stored questions to which nothing was found, most frequent first.

        Questions that differ only in case, diacritics or final punctuation count as one, shown as last asked.
        """
        with self._state.transaction() as db:
            rows = db.execute(
                "SELECT question FROM answers WHERE state = 'none' AND question IS NOT NULL AND at >= ? ORDER BY at",
                (period.since,),
            ).fetchall()
        questions = [question for (each,) in rows if (question := self._state.database.unseal("question", each))]
        asked = Counter(_normalized(question) for question in questions)
        spelling = {_normalized(question): question for question in questions}
        return [(spelling[same], count) for same, count in asked.most_common(limit)]

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()


def _normalized(question: str) -> str:
    return " ".join(fold(question).split()).strip(" ?!.…")
