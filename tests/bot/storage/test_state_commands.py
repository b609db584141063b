"""The commands of the state, where it is in PostgreSQL: each works, or says what to use."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds its commands
from bot.storage.bound_bot import bind
from bot.storage.facts import Facts
from bot.storage.opening import open_state
from retrieval.terminal import cli
from tests.bot.storage.conftest import NEEDS_POSTGRES

pytestmark = NEEDS_POSTGRES


@pytest.fixture
def shared(server, monkeypatch):
    """A state of bot 1, which TRICHDAN_STATE names."""
    monkeypatch.setenv("TRICHDAN_STATE", server.url.replace("postgres@", "postgres:rat-mat@"))
    state = open_state(server)
    bind(state, server, 1)
    yield state
    state.close()


def test_a_backup_is_pg_dumps(shared, tmp_path):
    """The sentence names it, and no password."""
    refused = CliRunner().invoke(cli.app, ["bot-backup", str(tmp_path / "copy")])

    assert refused.exit_code == 2
    assert "run `pg_dump --schema=trichdan_bot`" in refused.stderr
    assert "rat-mat" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_state_is_handed_over_while_no_bot_leads(shared):
    """While one does, on whatever machine, nothing changes."""
    leader = shared.database.try_lock("leader")
    refused = CliRunner().invoke(cli.app, ["bot-rebind"])
    owner = Facts(shared).find("bot")
    leader.release()

    done = CliRunner().invoke(cli.app, ["bot-rebind"])

    assert (refused.exit_code, owner, done.exit_code, Facts(shared).find("bot")) == (2, "1", 0, None)
    assert "a process does: stop all of them" in refused.stderr
    assert "was of bot 1" in done.stderr
    assert "rat-mat" not in done.stderr


def test_the_lock_goes_with_the_connection(shared):
    """A process that is killed leads no longer; one that holds it knows."""
    lock = shared.database.try_lock("leader")
    others = shared.database.try_lock("leader")
    held = lock.is_held()
    shared.database.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid != pg_backend_pid() "
        "AND application_name = 'trichdan bot'"
    )
    next_one = shared.database.try_lock("leader")

    assert (others, held, lock.is_held(), next_one.is_held()) == (None, True, False, True)
    lock.release()
    next_one.release()
