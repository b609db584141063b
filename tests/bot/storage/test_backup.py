"""A backup of the state file, taken while it is written to."""

from __future__ import annotations

import sqlite3
import stat
import threading

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds `bot-backup` to the commands
from bot.errors import StateError
from bot.storage.opening import open_state
from bot.storage.sqlite.backup import back_up
from bot.storage.state import Person
from retrieval.terminal import cli
from tests.bot.conftest import ADMIN
from tests.bot.conversation.test_questions import QUESTION
from tests.support.bot.call import Fault


def test_a_backup_taken_during_load_opens_and_has_the_people(tmp_path):
    """Another thread adds people and accepts updates all the while: each copy is sound and misses nobody of before."""
    path, done, added = tmp_path / "state.sqlite", threading.Event(), []

    def write():
        state = open_state(path)
        while not done.is_set():
            number = len(added) + 1
            state.add(Person(number, "staff", f"Người {number}"), ADMIN)
            state.accept(number, "{}" * 2000)
            added.append(number)
        state.close()

    open_state(path).close()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(10):
            before = len(added)
            back_up(path, tmp_path / "copy.sqlite")
            after = len(added) + 1
            copied = open_state(tmp_path / "copy.sqlite")
            people = {person.user_id for person in copied.people()}
            copied.close()
            assert before <= len(people) <= after
            assert people == set(range(1, len(people) + 1))
    finally:
        done.set()
        writer.join()


def test_a_restored_backup_has_no_invitation(tmp_path):
    """One that was used after the backup would let a second person in."""
    state = open_state(tmp_path / "state.sqlite")
    code = state.invite("admin", ADMIN, 3600)
    back_up(tmp_path / "state.sqlite", tmp_path / "copy.sqlite")
    still_good = state.redeem(code, 701, "An", admins=[ADMIN])
    state.close()

    restored = open_state(tmp_path / "copy.sqlite")

    assert still_good == "admin"
    assert restored.redeem(code, 666, "Bình", admins=[ADMIN]) is None
    restored.close()


def test_a_restored_backup_answers_what_was_waiting(api, start, tmp_path):
    """The copy, put in the place of a lost state file, knows the question that the bot had accepted."""
    process = start()
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(500, delay=3600))
    api.say(QUESTION, ADMIN)
    api.wait(lambda: not api.faults["sendMessage"])
    back_up(tmp_path / "state.sqlite", tmp_path / "copy.sqlite")
    process.end()
    for lost in tmp_path.glob("state.sqlite*"):
        lost.unlink()
    (tmp_path / "copy.sqlite").rename(tmp_path / "state.sqlite")

    start()

    (answer,) = api.wait_sent()
    assert "70 người" in answer.parameters["text"]


def test_a_backup_is_one_file_for_its_owner_alone(tmp_path):
    """It holds names and whatever question waits; the one of before is replaced only when the new one is whole."""
    open_state(tmp_path / "state.sqlite").close()
    (tmp_path / "copy.sqlite").write_text("of yesterday")

    back_up(tmp_path / "state.sqlite", tmp_path / "copy.sqlite")

    copies = [path for path in tmp_path.iterdir() if path.name.startswith("copy")]
    assert [path.name for path in copies] == ["copy.sqlite"]
    assert stat.S_IMODE(copies[0].stat().st_mode) == 0o600


def test_a_failed_backup_leaves_the_last_one(tmp_path):
    """A state file that is none: the sentence says so, and yesterday's copy stays."""
    (tmp_path / "state.sqlite").write_text("not a database, and long enough to be read as one" * 50)
    (tmp_path / "copy.sqlite").write_text("of yesterday")

    with pytest.raises(StateError, match="a backup needs a readable state file"):
        back_up(tmp_path / "state.sqlite", tmp_path / "copy.sqlite")

    assert (tmp_path / "copy.sqlite").read_text() == "of yesterday"
    assert not list(tmp_path.glob("*.partial"))


def test_the_command_needs_no_token(tmp_path, monkeypatch):
    """Whoever makes backups at night need not be able to be the bot."""
    monkeypatch.delenv("TRICHDAN_TOKEN", raising=False)
    monkeypatch.setenv("TRICHDAN_STATE", str(tmp_path / "state.sqlite"))
    open_state(tmp_path / "state.sqlite").close()

    made = CliRunner().invoke(cli.app, ["bot-backup", str(tmp_path / "copy.sqlite")])
    monkeypatch.setenv("TRICHDAN_STATE", str(tmp_path / "nowhere.sqlite"))
    refused = CliRunner().invoke(cli.app, ["bot-backup", str(tmp_path / "copy.sqlite")])

    assert made.exit_code == 0
    assert sqlite3.connect(tmp_path / "copy.sqlite").execute("SELECT count(*) FROM people").fetchone() == (0,)
    assert refused.exit_code == 2
    assert "there is none at" in refused.output
