"""What is PostgreSQL's alone: lost connections, keys that are dropped, addresses, versions."""

from __future__ import annotations

import os
import signal
import time

import pytest

from bot.errors import ConfigError, NoResponseError, StateError, StateUnreachableError
from bot.state_address import StateServer
from bot.storage.database import LEADER
from bot.storage.opening import open_state
from bot.storage.retention import Retention
from bot.storage.state import Person
from tests.bot.storage.conftest import NEEDS_POSTGRES
from tests.support.postgres_server import shared_server
from tests.support.waiting import until

pytestmark = NEEDS_POSTGRES

WATCHDOG = 60.0  # seconds: bot/deploy/trichdan.service
THEIRS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'trichdan bot' AND datname = 'bot_state'"
MANY_ANSWERS = """
    INSERT INTO trichdan_bot.answers (answer_id, at, user_id, passages)
    SELECT i::text || '-0123456', %s, i, '[]' FROM generate_series(1, 100000) AS i
"""
MANY_RATINGS = """
    INSERT INTO trichdan_bot.ratings SELECT answer_id, 5, 'up', NULL, at FROM trichdan_bot.answers LIMIT 30000
"""
WORD, DAY = "zzkhôngghilại", 86_400.0
CUT_OFF = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'trichdan bot'"


@pytest.fixture
def shared(server, now):
    """A state in PostgreSQL."""
    state = open_state(server, now=now)
    yield state
    state.close()


def test_a_connection_that_was_lost_is_not_noticed(shared):
    """By a statement, nor by a transaction."""
    shared_server().execute(CUT_OFF)
    role = shared.role(5)
    shared_server().execute(CUT_OFF)

    shared.add(Person(5, "staff", "An"), by=412)

    assert (role, shared.role(5)) == (None, "staff")


def test_a_key_that_a_failover_lost_is_made_anew(shared, server):
    """A promoted standby may lack the latest rows, and nobody else reads what a key in memory alone has sealed."""
    for _ in range(2):
        shared.database.seal("question", WORD, 0.0)
    shared_server().execute("DELETE FROM trichdan_bot.keys", database="bot_state")
    shared_server().execute(CUT_OFF)
    shared.role(5)

    sealed = shared.database.seal("question", WORD, 0.0)

    other = open_state(server)
    assert other.database.unseal("question", sealed) == WORD
    other.close()


def test_a_server_that_hangs_is_left(server):
    """Neither a statement nor a look at a lock waits for it: the connection is cut, and another one is made."""
    state = open_state(server, seconds=0.5)
    lock = state.database.try_lock(LEADER)
    hanging = [pid for (pid,) in shared_server().execute(THEIRS)]
    begun = time.monotonic()
    for pid in hanging:
        os.kill(pid, signal.SIGSTOP)
    try:
        found = state.role(5), lock.is_held()
    finally:
        for pid in hanging:
            os.kill(pid, signal.SIGCONT)
    waited = time.monotonic() - begun
    lock.release()
    state.close()

    assert len(hanging) == 2
    assert found == (None, False)
    assert waited < WATCHDOG


def test_a_leader_that_stands_still_loses_the_lead(server, monkeypatch):
    """As a frozen process, whose machine still answers for it; a copy, which holds a lock and never looks, does not."""
    monkeypatch.setattr("bot.storage.postgres.advisory_lock._STILL", 0.0)
    frozen, other = open_state(server), open_state(server)
    lock, copying = frozen.database.try_lock(LEADER), frozen.database.try_lock("copy")
    lock.is_held()
    tries = []
    until(lambda: tries.append(other.database.try_lock(LEADER)) or tries[-1])
    refused = other.database.try_lock("copy")

    assert tries[0] is None
    assert (lock.is_held(), tries[-1].is_held()) == (False, True)
    assert refused is None
    assert copying.is_held()
    for each in (lock, copying, tries[-1], frozen, other):
        getattr(each, "release", getattr(each, "close", None))()


def test_old_rows_of_a_large_office_are_deleted_in_time(server):
    """Within the seconds that a statement may take: each rating is not compared with each answer."""
    shared_server().execute("ALTER DATABASE bot_state SET work_mem = '64kB'")  # which fewer rows outgrow
    state = open_state(server)
    shared_server().execute("ALTER DATABASE bot_state RESET work_mem")
    shared_server().execute(MANY_ANSWERS, state.now(), database="bot_state")
    shared_server().execute(MANY_RATINGS, database="bot_state")

    Retention(state, days=90).expire()

    assert state.database.run("SELECT count(*) FROM ratings") == [(30_000,)]
    state.close()


def test_half_a_transaction_is_undone_and_said(shared):
    """Where its connection is lost: whoever began it does so again."""

    def add_two():
        with shared.transaction() as db:
            db.execute("INSERT INTO names (user_id, name) VALUES (5, 'An')")
            shared_server().execute(CUT_OFF)
            db.execute("INSERT INTO names (user_id, name) VALUES (6, 'Chi')")

    with pytest.raises(StateUnreachableError):
        add_two()

    assert shared.database.run("SELECT name FROM names") == []


def test_no_table_holds_a_text(shared):
    """Neither of what waits, nor of a question that is kept."""
    shared.accept(9, f'{{"text": "{WORD}"}}')
    shared.store_answer(5, [], WORD)

    stored = [
        *shared.database.run("SELECT payload FROM updates"),
        *shared.database.run("SELECT question FROM answers"),
    ]

    assert shared.pending() == [(9, f'{{"text": "{WORD}"}}')]
    assert len(stored) == 2
    assert WORD not in str(stored)


def test_a_text_whose_days_are_over_can_be_read_no_more(shared, now):
    """Not even from a row that was copied before."""
    shared.store_answer(5, [], WORD)
    ((copied,),) = shared.database.run("SELECT question FROM answers")
    before = shared.database.unseal("question", copied)
    retention = Retention(shared, days=90)
    for _ in range(4):
        now.time += 23 * DAY
        retention.expire()

    assert (before, shared.database.unseal("question", copied)) == (WORD, None)


def test_the_key_of_updates_goes_once_all_are_answered(shared, now):
    """After two days; that of one which still waits stays."""
    shared.accept(9, WORD)
    ((copied,),) = shared.database.run("SELECT payload FROM updates")
    retention = Retention(shared, days=90)
    now.time += 2 * DAY
    retention.expire()
    waiting = shared.database.unseal("update", copied)
    shared.mark_answered(9)

    retention.expire()

    assert (waiting, shared.database.unseal("update", copied)) == (WORD, None)


def test_a_newer_state_is_refused(server):
    """Rule, value found, remedy."""
    open_state(server).close()
    shared_server().execute("UPDATE trichdan_bot.version SET number = 99", database="bot_state")

    with pytest.raises(StateError, match=r"up to number \d+, postgresql://.* has 99: install"):
        open_state(server)


@pytest.mark.parametrize("granted", ["", "USAGE ON SCHEMA trichdan_bot", "SELECT ON ALL TABLES IN SCHEMA trichdan_bot"])
def test_a_role_without_rights_is_told_which(server, granted):
    """With exit code 2: no restart gives it any."""
    open_state(server).close()
    role = f"poor{len(granted)}"
    shared_server().execute(f"CREATE ROLE {role} LOGIN")
    for right in filter(None, ("USAGE ON SCHEMA trichdan_bot" if granted else "", granted)):
        shared_server().execute(f"GRANT {right} TO {role}", database="bot_state")

    with pytest.raises(StateError, match=r"writes to its tables, .*: grant it CREATE on the database"):
        open_state(StateServer(server.url.replace("postgres@", f"{role}@")))


def test_nobody_who_answers_is_said_without_the_password():
    """With exit code 4, after which a service manager starts it again."""
    with pytest.raises(NoResponseError, match=r"trichdan:\*\*\*@127\.0\.0\.1:1/x answers now") as told:
        open_state(StateServer("postgresql://trichdan:rat-mat@127.0.0.1:1/x"))

    assert "rat-mat" not in str(told.value)


@pytest.mark.parametrize("password", ["rat@mat", "rat/mat"])
def test_a_password_that_libpq_would_misread_is_not_told(password):
    """Its own sentence would name a part of it."""
    with pytest.raises(ConfigError, match="write @ : / \\? # of a password as") as told:
        open_state(StateServer(f"postgresql://trichdan:{password}@db1/x"))

    assert "rat" not in str(told.value).partition("TRICHDAN_STATE")[2].replace("postgresql://USER", "")
