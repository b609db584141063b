"""
The Usage: one row for every answered question, which says when, by whom and how it went, and holds no text.

Apart from the answers, which are kept for their buttons and may hold a question: these rows are only counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.storage.state import AnswerState, StateFile
from retrieval.language.spelling import fold


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of this machine's calendar, up to and including today; `since` is the moment they begin."""

    days: tuple[date, ...]
    since: float


@dataclass(frozen=True, slots=True)
class UsageCounts:
    """What was asked in a period."""

    people: int
    by_day: dict[date, Counter[AnswerState]]  # only days on which somebody asked

    @property
    def states(self) -> Counter[AnswerState]:
        """How many questions ended in each state."""
        return sum(self.by_day.values(), Counter[AnswerState]())


class Usage:
    """The rows of answered questions in a state file."""

    def __init__(self, state: StateFile) -> None:
        self._state = state

    def record(self, user_id: int, chat: str, outcome: AnswerState, milliseconds: Mapping[str, float]) -> None:
        """One question was answered in a chat of this kind; `milliseconds` by stage, with the total."""
        spent = json.dumps({stage: round(value, 1) for stage, value in milliseconds.items()})
        with self._state.transaction() as db:
            db.execute("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", (self._state.now(), user_id, chat, outcome, spent))

    def period(self, days: int) -> Period:
        """Today and the days before it, so many in all."""
        today = _day(self._state.now())
        first = today - timedelta(days - 1)
        return Period(
            tuple(first + timedelta(n) for n in range(days)), datetime.combine(first, time()).astimezone().timestamp()
        )

    def counts(self, period: Period) -> UsageCounts:
        """What was asked in a period."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT at, user_id, state FROM asked WHERE at >= ?", (period.since,)).fetchall()
        by_day: dict[date, Counter[AnswerState]] = {}
        for at, _, state in rows:
            by_day.setdefault(_day(at), Counter())[state] += 1
        return UsageCounts(len({user_id for _, user_id, _ in rows}), by_day)

    def unanswered(self, period: Period, limit: int) -> list[tuple[str, int]]:
        """
        The questions to which nothing was found, as far as their text is kept, the most frequent first.

        Spellings that differ in case, marks or the question mark are one question, shown as it was last asked.
        """
        with self._state.transaction() as db:
            rows = db.execute(
                "SELECT question FROM answers WHERE state = 'none' AND question IS NOT NULL AND at >= ? ORDER BY at",
                (period.since,),
            ).fetchall()
        asked = Counter(_same(question) for (question,) in rows)
        spelling = {_same(question): question for (question,) in rows}
        return [(spelling[same], count) for same, count in asked.most_common(limit)]


def _day(at: float) -> date:
    return datetime.fromtimestamp(at).astimezone().date()


def _same(question: str) -> str:
    return " ".join(fold(question).split()).strip(" ?!.…")
