"""
The state: what the bot must still know after a crash.

It holds people, invitations, the audit log, accepted updates, and the passages of answers. Every method is one
transaction.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Literal, cast

from bot.storage.database import Database, Transaction
from retrieval import State

Role = Literal["admin", "staff"]
AnswerState = State  # found, weak or none

# Seconds. Telegram keeps updates for a day, and may restart their ids after a week without any.
SEEN_FOR = 7 * 86_400.0
_ACCEPT = """
    INSERT INTO updates (update_id, at, tries, payload) VALUES (?, ?, 0, ?)
    ON CONFLICT (update_id) DO UPDATE SET at = excluded.at, tries = 0, payload = excluded.payload
    WHERE updates.at < ? AND updates.payload IS NULL
    RETURNING update_id
"""
_ADD = """
    INSERT INTO people (user_id, role, name, added_by, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (user_id) DO UPDATE
    SET role = excluded.role, name = excluded.name, added_by = excluded.added_by, at = excluded.at
"""
STORE_NAME = "INSERT INTO names (user_id, name) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET name = excluded.name"
_ANSWER = """
    INSERT INTO answers (answer_id, at, user_id, passages, question, state, confidence, shown)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (answer_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with access."""

    user_id: int
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of an answer, shown or not; `digest` detects later changes of its text."""

    passage_id: str
    digest: str
    start: int  # of the highlight
    end: int
    score: float | None = None  # as a hit


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """An answer's state and confidence, and how many passages its message shows in full."""

    state: AnswerState
    confidence: float
    shown: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log."""

    at: float
    actor: int
    act: str
    subject: int


class BotState:
    """
    The state in a database, for use from one thread.

    Raises:
        StateUnavailableError: by every member, when the database cannot be read or written now.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self.database = database
        self._now = now
        self.needs_scrub = False  # whether the database may hold deleted text

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def now(self) -> float:
        """Seconds since 1970, by the clock that dates every row."""
        return self._now()

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction, for classes with their own tables."""
        return self.database.transaction()

    def scrub(self) -> bool:
        """Overwrite deleted text; False if it must be repeated later."""
        done = self.database.scrub()
        self.needs_scrub = not done
        return done

    def role(self, user_id: int) -> Role | None:
        """A user's role, None for a stranger."""
        rows = self.database.run("SELECT role FROM people WHERE user_id = ?", user_id)
        return rows[0][0] if rows else None

    def people(self) -> list[Person]:
        """Everybody with access, administrators first."""
        rows = self.database.run("SELECT user_id, role, name FROM people ORDER BY role, name, user_id")
        return [Person(*row) for row in rows]

    def added_by(self, user_id: int) -> int | None:
        """Who gave a user their role, None for a stranger."""
        rows = self.database.run("SELECT added_by FROM people WHERE user_id = ?", user_id)
        return rows[0][0] if rows else None

    def add(self, person: Person, by: int) -> None:
        """Give somebody a role, replacing the old one."""
        with self.transaction() as db:
            self._add(db, person, by)

    def remove(self, user_id: int, by: int) -> bool:
        """Withdraw somebody's role and open invitations; returns whether they had a role."""
        with self.transaction() as db:
            gone = db.execute("DELETE FROM people WHERE user_id = ?", (user_id,)).rowcount > 0
            db.execute("DELETE FROM invites WHERE made_by = ?", (user_id,))
            db.execute("DELETE FROM catalogue_visits WHERE user_id = ?", (user_id,))
            if gone:
                self._note(db, by, "remove", user_id)
        return gone

    def invite(self, role: Role, by: int, seconds: float) -> str:
        """Create a one-time invitation code valid for `seconds`; only its digest is stored."""
        code = secrets.token_urlsafe(16)
        with self.transaction() as db:
            db.execute("DELETE FROM invites WHERE expires <= ?", (self._now(),))
            row = (sha256(code), role, by, self._now() + seconds)
            db.execute("INSERT INTO invites (digest, role, made_by, expires) VALUES (?, ?, ?, ?)", row)
            self._note(db, by, f"invite {role}", by)
        return code

    def redeem(self, code: str, user_id: int, name: str, *, admins: Collection[int]) -> Role | None:
        """
        Redeem a code; returns its role, None if it is unknown, used or expired.

        None also if its maker is not among `admins` any more, or redeems it themselves.
        """
        with self.transaction() as db:
            row = db.execute(
                "DELETE FROM invites WHERE digest = ? RETURNING role, made_by, expires", (sha256(code),)
            ).fetchone()
            if row is None or row[1] not in admins or row[1] == user_id or row[2] <= self._now():
                return None
            self._add(db, Person(user_id, row[0], name), row[1])
        return cast("Role", row[0])

    def log_action(self, actor: int, act: str, subject: int | None = None) -> None:
        """Log an administrator's action; `subject` is the other person whom it concerns."""
        with self.transaction() as db:
            self._note(db, actor, act, actor if subject is None else subject)

    def audit_log(self, limit: int = 20, skip: int = 0) -> list[AuditEntry]:
        """The latest lines of the audit log, newest first."""
        query = "SELECT at, actor, act, subject FROM audit ORDER BY rowid DESC LIMIT ? OFFSET ?"
        return [AuditEntry(*row) for row in self.database.run(query, limit, skip)]

    def audit_length(self) -> int:
        """How many lines the audit log has."""
        ((count,),) = self.database.run("SELECT count(*) FROM audit")
        return int(count)

    def accept(self, update_id: int, payload: str) -> bool:
        """Store an update until it is answered; False if it was accepted before."""
        now = self._now()
        sealed = self.database.seal("update", payload, now)
        return bool(self.database.run(_ACCEPT, update_id, now, sealed, now - SEEN_FOR))

    def count_attempt(self, update_id: int) -> int:
        """Count an attempt at answering; returns how many there have been."""
        rows = self.database.run("UPDATE updates SET tries = tries + 1 WHERE update_id = ? RETURNING tries", update_id)
        return int(rows[0][0]) if rows else 0

    def mark_answered(self, update_id: int) -> None:
        """Delete the text of an answered update, keeping its id."""
        self.database.run("UPDATE updates SET payload = NULL WHERE update_id = ?", update_id)
        self.needs_scrub = True

    def forget_update(self, update_id: int) -> None:
        """Delete a refused update, whose id need not be known again."""
        self.database.run("DELETE FROM updates WHERE update_id = ?", update_id)
        self.needs_scrub = True

    def is_pending(self, update_id: int) -> bool:
        """Whether an update still awaits its answer."""
        return bool(self.database.run("SELECT 1 FROM updates WHERE update_id = ? AND payload IS NOT NULL", update_id))

    def is_settled(self, update_id: int) -> bool:
        """Whether an accepted update was answered or erased."""
        return bool(self.database.run("SELECT 1 FROM updates WHERE update_id = ? AND payload IS NULL", update_id))

    def pending(self) -> list[tuple[int, str]]:
        """The accepted but unanswered updates, in order: (update id, payload)."""
        rows = self.database.run("SELECT update_id, payload FROM updates WHERE payload IS NOT NULL ORDER BY update_id")
        found = ((update_id, self.database.unseal("update", sealed)) for update_id, sealed in rows)
        return [(update_id, payload) for update_id, payload in found if payload is not None]

    def store_answer(
        self,
        user_id: int,
        passages: Sequence[StoredPassage],
        question: str | None = None,
        summary: AnswerSummary | None = None,
    ) -> str:
        """
        Store an answer; returns the short id for its buttons.

        A list of documents has no summary.
        """
        answer_id = secrets.token_urlsafe(6)
        listed = json.dumps([list(asdict(shown).values()) for shown in passages], ensure_ascii=False)
        judged = (summary.state, summary.confidence, summary.shown) if summary else (None, None, None)
        now = self._now()
        sealed = None if question is None else self.database.seal("question", question, now)
        self.database.run(_ANSWER, answer_id, now, user_id, listed, sealed, *judged)
        return answer_id

    def passages_of(self, answer_id: str) -> list[StoredPassage] | None:
        """The passages of an answer, None for an unknown id."""
        rows = self.database.run("SELECT passages FROM answers WHERE answer_id = ?", answer_id)
        return parse_passages(rows[0][0]) if rows else None

    def summary_of(self, answer_id: str) -> AnswerSummary | None:
        """The summary of an answer, None for unknown ids and lists of documents."""
        rows = self.database.run(
            "SELECT state, confidence, shown FROM answers WHERE answer_id = ? AND state IS NOT NULL", answer_id
        )
        return AnswerSummary(*rows[0]) if rows else None

    def may_refuse(self, user_id: int, every: float) -> bool:
        """Whether a stranger may get another refusal; if so, note that they get it."""
        with self.transaction() as db:
            db.execute("DELETE FROM refusals WHERE at <= ?", (self._now() - every,))
            row = (user_id, self._now())
            noted = "INSERT INTO refusals (user_id, at) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING"
            return db.execute(noted, row).rowcount > 0

    def _add(self, db: Transaction, person: Person, by: int) -> None:
        row = (person.user_id, person.role, person.name, by, self._now())
        db.execute(_ADD, row)
        if person.name:
            db.execute(STORE_NAME, (person.user_id, person.name))
        self._note(db, by, f"add {person.role}", person.user_id)

    def _note(self, db: Transaction, actor: int, act: str, subject: int) -> None:
        row = (self._now(), actor, act, subject)
        db.execute("INSERT INTO audit (at, actor, act, subject) VALUES (?, ?, ?, ?)", row)


def parse_passages(listed: str) -> list[StoredPassage]:
    """Parse the passages column of an answer."""
    return [StoredPassage(*fields) for fields in json.loads(listed)]


def sha256(text: str) -> str:
    """The digest of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
