"""
The tables of a state file, and its migrations.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.errors import StateError
from bot.storage.state import sha256

VERSION = 14  # PRAGMA user_version; one migration for each step from 0
MIGRATIONS = (
    """
    CREATE TABLE people (
        user_id INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, added_by INTEGER NOT NULL, at REAL NOT NULL
    );
    CREATE TABLE invites (
        digest TEXT PRIMARY KEY, role TEXT NOT NULL, made_by INTEGER NOT NULL, expires REAL NOT NULL
    );
    CREATE TABLE audit (at REAL NOT NULL, actor INTEGER NOT NULL, act TEXT NOT NULL, subject INTEGER NOT NULL);
    CREATE TABLE updates (update_id INTEGER PRIMARY KEY, at REAL NOT NULL, tries INTEGER NOT NULL, payload TEXT);
    CREATE INDEX pending ON updates (update_id) WHERE payload IS NOT NULL;
    CREATE TABLE answers (
        answer_id TEXT PRIMARY KEY, at REAL NOT NULL, user_id INTEGER NOT NULL, passages TEXT NOT NULL, question TEXT
    );
    CREATE TABLE refusals (user_id INTEGER PRIMARY KEY, at REAL NOT NULL);
    """,
    # bot/storage/ratings.py, bot/storage/usage.py
    """
    ALTER TABLE answers ADD COLUMN state TEXT;
    ALTER TABLE answers ADD COLUMN confidence REAL;
    ALTER TABLE answers ADD COLUMN shown INTEGER;
    CREATE TABLE ratings (
        answer_id TEXT NOT NULL, user_id INTEGER NOT NULL, rating TEXT NOT NULL, reason TEXT, at REAL NOT NULL,
        PRIMARY KEY (answer_id, user_id)
    );
    CREATE TABLE asked (
        at REAL NOT NULL, user_id INTEGER NOT NULL, chat TEXT NOT NULL, state TEXT NOT NULL, milliseconds TEXT NOT NULL
    );
    CREATE INDEX asked_at ON asked (at);
    """,
    # bot/storage/access_requests.py, bot/storage/names.py
    """
    CREATE TABLE requests (
        user_id INTEGER PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, at REAL NOT NULL, bundle INTEGER,
        decision TEXT, decided_by INTEGER, decided_at REAL
    );
    CREATE TABLE names (user_id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO names SELECT user_id, name FROM people WHERE name != '';
    """,
    # bot/operations/notices.py
    """
    CREATE TABLE notices (trouble TEXT PRIMARY KEY, at REAL NOT NULL);
    """,
    # bot/storage/referrals.py
    """
    CREATE TABLE referrals (
        contact_chat INTEGER NOT NULL, contact_message INTEGER NOT NULL, answer_id TEXT NOT NULL,
        asker_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, question TEXT NOT NULL,
        at REAL NOT NULL, PRIMARY KEY (contact_chat, contact_message)
    );
    """,
    # bot/storage/chat_documents.py; what was added earlier stands in the audit log
    """
    CREATE TABLE chat_documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT, folder TEXT NOT NULL, name TEXT NOT NULL, by INTEGER NOT NULL,
        at REAL NOT NULL, UNIQUE (folder, name)
    );
    CREATE TABLE undoable (
        token TEXT PRIMARY KEY, change TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, former TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE TABLE document_messages (
        chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    );
    INSERT INTO chat_documents (folder, name, by, at)
        SELECT '*', substr(act, 15), actor, max(at) FROM audit WHERE act LIKE 'add document: %' GROUP BY act;
    """,
    # bot/storage/open_groups.py
    """
    CREATE TABLE open_groups (
        chat_id INTEGER PRIMARY KEY, title TEXT NOT NULL, by INTEGER NOT NULL, at REAL NOT NULL
    );
    """,
    # bot/storage/broadcasts.py
    """
    CREATE TABLE broadcasts (
        number INTEGER PRIMARY KEY AUTOINCREMENT, by INTEGER NOT NULL, at REAL NOT NULL, text TEXT NOT NULL,
        state TEXT NOT NULL
    );
    CREATE TABLE recipients (
        number INTEGER NOT NULL, user_id INTEGER NOT NULL, delivery TEXT NOT NULL, PRIMARY KEY (number, user_id)
    );
    """,
    # Strangers may write a million updates a week.
    """
    CREATE INDEX answered ON updates (at) WHERE payload IS NULL;
    """,
    # bot/storage/approved_answers.py; for a day it stood in the fifth step, so that some files have it already
    """
    CREATE TABLE IF NOT EXISTS approved (
        chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL,
        by TEXT NOT NULL, passage TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (chat_id, message_id)
    );
    CREATE INDEX IF NOT EXISTS approved_question ON approved (question);
    """,
    # bot/storage/known_documents.py
    """
    CREATE TABLE known_documents (document TEXT PRIMARY KEY, digest TEXT NOT NULL, batch INTEGER NOT NULL);
    CREATE INDEX known_digest ON known_documents (digest);
    CREATE TABLE catalogue_visits (user_id INTEGER PRIMARY KEY, batch INTEGER NOT NULL);
    """,
    # No words of one person are kept for another: whose are in a referral, and approved answers by digest alone.
    """
    ALTER TABLE referrals ADD COLUMN speakers TEXT NOT NULL DEFAULT '[]';
    UPDATE approved SET question = sha256(question);
    """,
    # bot/storage/facts.py
    """
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    """,
    # Each message of a stranger deletes what is old: without an index it read every stranger of the last hour.
    """
    CREATE INDEX refusals_at ON refusals (at);
    """,
)


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """
    Migrate a state file to the current version, each step in a transaction.

    Raises:
        StateError: a newer version wrote it.
    """
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found > VERSION:
        raise StateError(
            f"this version reads state files up to number {VERSION}, {path} has {found}: "
            "install the version that wrote it, or a newer one"
        )
    db.create_function("sha256", 1, sha256, deterministic=True)
    for number, script in enumerate(MIGRATIONS[found:], found + 1):
        db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
