"""
The tables of a state in PostgreSQL, and their versions.

In a schema of their own, they are those of bot/storage/sqlite/schema.py, with what several processes need besides.
Text is compared byte by byte, as SQLite does.
"""

from __future__ import annotations

from typing import Final, LiteralString

import psycopg

from bot.errors import StateError

NAME: Final = "trichdan_bot"
VERSION: Final = 1  # one step of _STEPS for each from 0
_LOCK: Final = 0x7472_6363  # of advisory locks: one process at a time creates tables
_STEPS: Final[tuple[LiteralString, ...]] = (
    """
    CREATE TABLE people (
        user_id BIGINT PRIMARY KEY, role TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
        added_by BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL
    );
    CREATE TABLE invites (
        digest TEXT PRIMARY KEY, role TEXT NOT NULL, made_by BIGINT NOT NULL, expires DOUBLE PRECISION NOT NULL
    );
    CREATE TABLE audit (
        rowid BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at DOUBLE PRECISION NOT NULL, actor BIGINT NOT NULL,
        act TEXT NOT NULL, subject BIGINT NOT NULL
    );
    -- chat, sender, owner, lease, refused: bot/storage/postgres/update_claims.py
    CREATE TABLE updates (
        update_id BIGINT PRIMARY KEY, at DOUBLE PRECISION NOT NULL, tries INTEGER NOT NULL, payload TEXT,
        chat BIGINT NOT NULL DEFAULT 0, sender BIGINT NOT NULL DEFAULT 0, owner TEXT, lease TIMESTAMPTZ,
        refused BOOLEAN NOT NULL DEFAULT FALSE, deliveries INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX pending ON updates (chat, update_id) WHERE payload IS NOT NULL;
    CREATE INDEX pending_of_sender ON updates (sender) WHERE payload IS NOT NULL;
    CREATE INDEX answered ON updates (at) WHERE payload IS NULL;
    CREATE INDEX refused ON updates (sender, at) WHERE refused;
    CREATE TABLE answers (
        answer_id TEXT COLLATE "C" PRIMARY KEY, at DOUBLE PRECISION NOT NULL, user_id BIGINT NOT NULL,
        passages TEXT NOT NULL, question TEXT, state TEXT, confidence DOUBLE PRECISION, shown INTEGER
    );
    CREATE TABLE refusals (user_id BIGINT PRIMARY KEY, at DOUBLE PRECISION NOT NULL);
    CREATE INDEX refusals_at ON refusals (at);
    CREATE TABLE ratings (
        answer_id TEXT NOT NULL, user_id BIGINT NOT NULL, rating TEXT NOT NULL, reason TEXT,
        at DOUBLE PRECISION NOT NULL, PRIMARY KEY (answer_id, user_id)
    );
    CREATE TABLE asked (
        at DOUBLE PRECISION NOT NULL, user_id BIGINT NOT NULL, chat TEXT NOT NULL, state TEXT NOT NULL,
        milliseconds TEXT NOT NULL
    );
    CREATE INDEX asked_at ON asked (at);
    CREATE TABLE requests (
        user_id BIGINT PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
        bundle BIGINT, decision TEXT, decided_by BIGINT, decided_at DOUBLE PRECISION
    );
    CREATE TABLE names (user_id BIGINT PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE notices (trouble TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL);
    CREATE TABLE referrals (
        contact_chat BIGINT NOT NULL, contact_message BIGINT NOT NULL, answer_id TEXT NOT NULL,
        asker_id BIGINT NOT NULL, chat_id BIGINT NOT NULL, message_id BIGINT NOT NULL, question TEXT NOT NULL,
        at DOUBLE PRECISION NOT NULL, speakers TEXT NOT NULL DEFAULT '[]', PRIMARY KEY (contact_chat, contact_message)
    );
    CREATE TABLE chat_documents (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL,
        by BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL, UNIQUE (folder, name)
    );
    CREATE TABLE undoable (
        token TEXT PRIMARY KEY, change TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, former TEXT NOT NULL,
        at DOUBLE PRECISION NOT NULL
    );
    CREATE TABLE document_messages (
        chat_id BIGINT NOT NULL, message_id BIGINT NOT NULL, number BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    );
    CREATE TABLE open_groups (
        chat_id BIGINT PRIMARY KEY, title TEXT NOT NULL, by BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL
    );
    CREATE TABLE broadcasts (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, by BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL,
        text TEXT NOT NULL, state TEXT NOT NULL
    );
    CREATE TABLE recipients (
        number BIGINT NOT NULL, user_id BIGINT NOT NULL, delivery TEXT NOT NULL, PRIMARY KEY (number, user_id)
    );
    CREATE TABLE approved (
        chat_id BIGINT NOT NULL, message_id BIGINT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL,
        by TEXT NOT NULL, passage TEXT NOT NULL, at DOUBLE PRECISION NOT NULL, PRIMARY KEY (chat_id, message_id)
    );
    CREATE INDEX approved_question ON approved (question);
    CREATE TABLE known_documents (document TEXT PRIMARY KEY, digest TEXT NOT NULL, batch BIGINT NOT NULL);
    CREATE INDEX known_digest ON known_documents (digest);
    CREATE TABLE catalogue_visits (user_id BIGINT PRIMARY KEY, batch BIGINT NOT NULL);
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    -- bot/storage/postgres/day_keys.py
    CREATE TABLE keys (purpose TEXT NOT NULL, day INTEGER NOT NULL, key BYTEA NOT NULL, PRIMARY KEY (purpose, day));
    -- bot/storage/postgres/recent_questions.py
    CREATE TABLE recent_questions (
        chat_id BIGINT NOT NULL, asking_id BIGINT NOT NULL, answer_id BIGINT NOT NULL, at DOUBLE PRECISION NOT NULL,
        speakers BIGINT[] NOT NULL, question TEXT NOT NULL, PRIMARY KEY (chat_id, asking_id, answer_id)
    );
    CREATE INDEX recent_answers ON recent_questions (chat_id, answer_id);
    CREATE INDEX recent_at ON recent_questions (at);
    -- bot/storage/postgres/shared_pacing.py; not written to the log, since nobody needs it after a failure
    CREATE UNLOGGED TABLE pacing (
        place TEXT PRIMARY KEY, sent DOUBLE PRECISION[] NOT NULL, paused DOUBLE PRECISION NOT NULL DEFAULT 0
    );
    -- The seconds until each of several sliding windows allows one more; 0 when it was taken.
    CREATE FUNCTION take_turn(wanted TEXT, counts INTEGER[], seconds DOUBLE PRECISION[]) RETURNS DOUBLE PRECISION
    LANGUAGE plpgsql AS $$
    DECLARE
        times DOUBLE PRECISION[];
        instant DOUBLE PRECISION;
        earliest DOUBLE PRECISION;
        place_in_window INTEGER;
    BEGIN
        INSERT INTO pacing (place, sent) VALUES (wanted, '{}') ON CONFLICT DO NOTHING;
        SELECT sent, paused INTO times, earliest FROM pacing WHERE place = wanted FOR UPDATE;
        instant := extract(epoch FROM clock_timestamp());
        FOR i IN 1 .. cardinality(counts) LOOP
            place_in_window := cardinality(times) - counts[i] + 1;
            IF place_in_window > 0 THEN
                earliest := greatest(earliest, times[place_in_window] + seconds[i]);
            END IF;
        END LOOP;
        IF earliest > instant THEN
            RETURN earliest - instant;
        END IF;
        times := array_append(times, instant);
        UPDATE pacing SET sent = times[greatest(1, cardinality(times) - 31) :] WHERE place = wanted;
        RETURN 0;
    END $$;
    """,
)


def migrate(connection: psycopg.Connection[tuple[object, ...]], address: str) -> None:
    """
    Create the tables, or bring them to the current version.

    Raises:
        StateError: a newer version wrote it.
    """
    with connection.transaction():
        found = _version(connection)
        if found > VERSION:
            raise StateError(
                f"this version reads states up to number {VERSION}, {address} has {found}: "
                "install the version that wrote it, or a newer one"
            )
        if found == VERSION:
            return
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {NAME}")
        connection.execute("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
        for step in _STEPS[_version(connection) :]:
            connection.execute(step)
        connection.execute("DELETE FROM version")
        connection.execute("INSERT INTO version (number) VALUES (%s)", (VERSION,))


def _version(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """The version of the tables, 0 where there are none."""
    (there,) = connection.execute("SELECT to_regclass(%s)", (f"{NAME}.version",)).fetchone() or (None,)
    if there is None:
        return 0
    row = connection.execute("SELECT number FROM version").fetchone()
    return int(str(row[0])) if row else 0
