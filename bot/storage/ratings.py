"""
Ratings of answers, one for each reader and answer.

Read by the usage report and by `trichdan feedback export`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

from bot.storage.database import Row
from bot.storage.state import AnswerState, BotState, StoredPassage, parse_passages

Rating = Literal["up", "down"]
Reason = Literal["passage", "incomplete", "outdated"]  # wrong paragraph; information missing; document out of date
_SEVERAL = 2  # people
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """A rated answer with the passages of its first message and all its ratings."""

    answer_id: str
    question: str | None  # None if texts are not stored, or have expired
    state: AnswerState
    confidence: float
    passages: tuple[StoredPassage, ...]  # of its first message
    ups: int
    downs: int
    reasons: tuple[Reason, ...]  # of the downs that have one


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """The ratings of a period, the downs by reason."""

    ups: int
    downs: dict[Reason | None, int]


class Ratings:
    """The ratings in the state."""

    def __init__(self, state: BotState) -> None:
        self._state = state

    def rate(self, answer_id: str, user_id: int, rating: Rating, reason: Reason | None = None) -> AnswerState | None:
        """
        Store or replace a reader's rating; returns the answer's state, None if unknown.

        A repeated down keeps its reason.
        """
        with self._state.transaction() as db:
            row = db.execute("SELECT state FROM answers WHERE answer_id = ?", (answer_id,)).fetchone()
            if row is None or row[0] is None:
                return None
            db.execute(
                "INSERT INTO ratings (answer_id, user_id, rating, reason, at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (answer_id, user_id) DO UPDATE SET at = excluded.at, rating = excluded.rating, reason = "
                "coalesce(excluded.reason, CASE WHEN ratings.rating = excluded.rating THEN ratings.reason END)",
                (answer_id, user_id, rating, reason, self._state.now()),
            )
        return row[0]  # type: ignore[no-any-return]  # SQLite's columns have no types; `keep` wrote it

    def tally(self, answer_id: str) -> tuple[int, int]:
        """How many readers rate an answer up and down."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT rating FROM ratings WHERE answer_id = ?", (answer_id,)).fetchall()
        ups = sum(rating == "up" for (rating,) in rows)
        return ups, len(rows) - ups

    def counts(self, since: float) -> RatingCounts:
        """The ratings given since a time."""
        with self._state.transaction() as db:
            rows = db.execute("SELECT rating, reason FROM ratings WHERE at >= ?", (since,)).fetchall()
        downs = Counter(reason for rating, reason in rows if rating == "down")
        return RatingCounts(len(rows) - downs.total(), dict(downs))

    def well_rated(self, limit: int) -> list[tuple[str, StoredPassage]]:
        """
        Questions that were rated up by several people and down by nobody, most ups first.

        Each with the first passage of its answer. One person's question stays that person's own.
        """
        with self._state.transaction() as db:
            rows = db.execute(
                "SELECT question, answer_id, ratings.user_id, rating FROM answers JOIN ratings USING (answer_id) "
                "WHERE question IS NOT NULL AND state = 'found' ORDER BY ratings.at"
            ).fetchall()
        asked: dict[str, list[Row]] = {}  # the latest rating last, of questions and of a question's
        for sealed, *rated in rows:
            question = self._state.database.unseal("question", sealed) or ""
            same = question.strip(" ").lower()
            asked[same] = [*asked.pop(same, ()), (question, *rated)]
        raters = {same: {user for _, _, user, _ in given} for same, given in asked.items()}
        good = [
            same
            for same, given in reversed(asked.items())
            if same and len(raters[same]) >= _SEVERAL and all(rating == "up" for *_, rating in given)
        ]
        best = sorted(good, key=lambda same: -len(raters[same]))[:limit]
        latest = [asked[same][-1] for same in best]
        found = [(question, self._state.passages_of(answer_id) or []) for question, answer_id, *_ in latest]
        return [(question, passages[0]) for question, passages in found if passages]

    def answers(self) -> list[RatedAnswer]:
        """Every rated answer, the oldest first."""
        with self._state.transaction() as db:
            answers = db.execute(
                "SELECT answer_id, question, state, confidence, passages, shown FROM answers "
                "WHERE answer_id IN (SELECT answer_id FROM ratings) ORDER BY at, answer_id"
            ).fetchall()
            ratings = db.execute("SELECT answer_id, rating, reason FROM ratings ORDER BY at").fetchall()
        given: dict[str, list[tuple[Rating, Reason | None]]] = {}
        for answer_id, rating, reason in ratings:
            given.setdefault(answer_id, []).append((rating, reason))
        return [
            RatedAnswer(
                answer_id,
                None if question is None else self._state.database.unseal("question", question),
                state,
                confidence,
                passages=tuple(parse_passages(listed)[:shown]),
                ups=sum(rating == "up" for rating, _ in given[answer_id]),
                downs=sum(rating == "down" for rating, _ in given[answer_id]),
                reasons=tuple(reason for rating, reason in given[answer_id] if rating == "down" and reason),
            )
            for answer_id, question, state, confidence, listed, shown in answers
        ]
