"""What is PostgreSQL's alone: lost connections, keys that are dropped, addresses, versions."""

from __future__ import annotations

import pytest

from bot.errors import ConfigError, NoResponseError, StateError, StateUnreachableError
from bot.state_address import StateServer
from bot.storage.opening import open_state
from bot.storage.retention import Retention
from bot.storage.state import Person
from tests.bot.storage.conftest import NEEDS_POSTGRES
from tests.support.postgres_server import shared_server

pytestmark = NEEDS_POSTGRES

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
