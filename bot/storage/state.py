"""
The state file: what the bot must still know after a crash, in SQLite.

It holds people, invitations, the audit log, accepted updates, and the passages of answers. Every method is one
transaction; in WAL mode with full synchronisation none is half done after `kill -9`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from bot.errors import StateError
from bot.storage.schema import migrate
from retrieval import State

Role = Literal["admin", "staff"]
AnswerState = State  # found, weak or none

# Seconds. Telegram keeps updates for a day, and may restart their ids after a week without any.
SEEN_FOR = 7 * 86_400.0
_ACCEPT = """
    INSERT INTO updates VALUES (?, ?, 0, ?)
    ON CONFLICT (update_id) DO UPDATE SET at = excluded.at, tries = 0, payload = excluded.payload
    WHERE at < ? AND payload IS NULL
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


class StateFile:
    """
    An open state file, for use from one thread.

    Raises:
        StateError: the file cannot be used.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.needs_scrub = False  # whether the write-ahead log may hold deleted text
        try:
            path.touch(mode=0o600)  # before SQLite creates it readable for others; its log inherits the mode
            for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
                with suppress(FileNotFoundError):
                    each.chmod(0o600)  # it may have been made with more
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")  # overwrites the text of answered questions
            migrate(self._db, path)
        except (sqlite3.Error, OSError) as error:
            raise StateError(
                f"the state file must be a writable SQLite file, {path} is not ({error}): "
                "correct TRICHDAN_STATE, or restore the file from a backup"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def now(self) -> float:
        """Seconds since 1970, by the clock that dates every row."""
        return self._now()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction, for classes with their own tables in this file."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def scrub(self) -> bool:
        """
        Empty the write-ahead log, which may still hold deleted text.

        Never waits: returns False if another process is reading the file, so that it must be repeated later.
        """
        (patience,) = self._db.execute("PRAGMA busy_timeout").fetchone()
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {patience}")
        self.needs_scrub = bool(busy)
        return not busy

    def role(self, user_id: int) -> Role | None:
        """A user's role, None for a stranger."""
        row = self._db.execute("SELECT role FROM people WHERE user_id = ?", (user_id,)).fetchone()
        return row[0] if row else None

    def people(self) -> list[Person]:
        """Everybody with access, administrators first."""
        rows = self._db.execute("SELECT user_id, role, name FROM people ORDER BY role, name, user_id")
        return [Person(*row) for row in rows]

    def added_by(self, user_id: int) -> int | None:
        """Who gave a user their role, None for a stranger."""
        row = self._db.execute("SELECT added_by FROM people WHERE user_id = ?", (user_id,)).fetchone()
        return row[0] if row else None

    def add(self, person: Person, by: int) -> None:
        """Give somebody a role, replacing the old one."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._add(person, by)

    def remove(self, user_id: int, by: int) -> bool:
        """Withdraw somebody's role and open invitations; returns whether they had a role."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            gone = self._db.execute("DELETE FROM people WHERE user_id = ?", (user_id,)).rowcount > 0
            self._db.execute("DELETE FROM invites WHERE made_by = ?", (user_id,))
            self._db.execute("DELETE FROM catalogue_visits WHERE user_id = ?", (user_id,))
            if gone:
                self._note(by, "remove", user_id)
        return gone

    def invite(self, role: Role, by: int, seconds: float) -> str:
        """Create a one-time invitation code valid for `seconds`; only its digest is stored."""
        code = secrets.token_urlsafe(16)
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM invites WHERE expires <= ?", (self._now(),))
            self._db.execute(
                "INSERT INTO invites VALUES (?, ?, ?, ?)", (_digest(code), role, by, self._now() + seconds)
            )
            self._note(by, f"invite {role}", by)
        return code

    def redeem(self, code: str, user_id: int, name: str, *, admins: Collection[int]) -> Role | None:
        """
        Redeem a code; returns its role, None if it is unknown, used or expired.

        None also if its maker is not among `admins` any more, or redeems it themselves.
        """
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            row = self._db.execute(
                "DELETE FROM invites WHERE digest = ? RETURNING role, made_by, expires", (_digest(code),)
            ).fetchone()
            if row is None or row[1] not in admins or row[1] == user_id or row[2] <= self._now():
                return None
            self._add(Person(user_id, row[0], name), row[1])
        return cast("Role", row[0])

    def log_action(self, actor: int, act: str, subject: int | None = None) -> None:
        """Log an administrator's action; `subject` is the other person whom it concerns."""
        with self._db:
            self._note(actor, act, actor if subject is None else subject)

    def audit_log(self, limit: int = 20, skip: int = 0) -> list[AuditEntry]:
        """The latest lines of the audit log, newest first."""
        query = "SELECT at, actor, act, subject FROM audit ORDER BY rowid DESC LIMIT ? OFFSET ?"
        return [AuditEntry(*row) for row in self._db.execute(query, (limit, skip))]

    def audit_length(self) -> int:
        """How many lines the audit log has."""
        (count,) = self._db.execute("SELECT count(*) FROM audit").fetchone()
        return int(count)

    def accept(self, update_id: int, payload: str) -> bool:
        """Store an update until it is answered; False if it was accepted before."""
        with self._db:
            row = (update_id, self._now(), payload, self._now() - SEEN_FOR)
            return self._db.execute(_ACCEPT, row).rowcount > 0

    def count_attempt(self, update_id: int) -> int:
        """Count an attempt at answering; returns how many there have been."""
        with self._db:
            row = self._db.execute(
                "UPDATE updates SET tries = tries + 1 WHERE update_id = ? RETURNING tries", (update_id,)
            ).fetchone()
        return row[0] if row else 0

    def mark_answered(self, update_id: int) -> None:
        """Delete the text of an answered update, keeping its id."""
        with self._db:
            self._db.execute("UPDATE updates SET payload = NULL WHERE update_id = ?", (update_id,))
        self.needs_scrub = True

    def forget_update(self, update_id: int) -> None:
        """Delete a refused update, whose id need not be known again."""
        with self._db:
            self._db.execute("DELETE FROM updates WHERE update_id = ?", (update_id,))
        self.needs_scrub = True

    def is_pending(self, update_id: int) -> bool:
        """Whether an update still awaits its answer."""
        query = "SELECT 1 FROM updates WHERE update_id = ? AND payload IS NOT NULL"
        return self._db.execute(query, (update_id,)).fetchone() is not None

    def is_settled(self, update_id: int) -> bool:
        """Whether an accepted update was answered or erased."""
        query = "SELECT 1 FROM updates WHERE update_id = ? AND payload IS NULL"
        return self._db.execute(query, (update_id,)).fetchone() is not None

    def pending(self) -> list[tuple[int, str]]:
        """The accepted but unanswered updates, in order: (update id, payload)."""
        rows = self._db.execute("SELECT update_id, payload FROM updates WHERE payload IS NOT NULL ORDER BY update_id")
        return rows.fetchall()

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
        with self._db:
            judged = (summary.state, summary.confidence, summary.shown) if summary else (None, None, None)
            row = (answer_id, self._now(), user_id, listed, question, *judged)
            self._db.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return answer_id

    def passages_of(self, answer_id: str) -> list[StoredPassage] | None:
        """The passages of an answer, None for an unknown id."""
        row = self._db.execute("SELECT passages FROM answers WHERE answer_id = ?", (answer_id,)).fetchone()
        return parse_passages(row[0]) if row else None

    def summary_of(self, answer_id: str) -> AnswerSummary | None:
        """The summary of an answer, None for unknown ids and lists of documents."""
        row = self._db.execute(
            "SELECT state, confidence, shown FROM answers WHERE answer_id = ? AND state IS NOT NULL", (answer_id,)
        ).fetchone()
        return AnswerSummary(*row) if row else None

    def may_refuse(self, user_id: int, every: float) -> bool:
        """Whether a stranger may get another refusal; if so, note that they get it."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM refusals WHERE at <= ?", (self._now() - every,))
            row = (user_id, self._now())
            return self._db.execute("INSERT OR IGNORE INTO refusals VALUES (?, ?)", row).rowcount > 0

    def _add(self, person: Person, by: int) -> None:
        row = (person.user_id, person.role, person.name, by, self._now())
        self._db.execute("INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)", row)
        if person.name:
            self._db.execute("INSERT OR REPLACE INTO names VALUES (?, ?)", (person.user_id, person.name))
        self._note(by, f"add {person.role}", person.user_id)

    def _note(self, actor: int, act: str, subject: int) -> None:
        self._db.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (self._now(), actor, act, subject))


def parse_passages(listed: str) -> list[StoredPassage]:
    """Parse the passages column of an answer."""
    return [StoredPassage(*fields) for fields in json.loads(listed)]


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
