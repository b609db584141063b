"""A state that moves: everything goes along, in both directions."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds its commands
from bot.administration.state_copy import TABLES, copy_state
from bot.errors import StateError
from bot.state_address import StateAddress, StateServer
from bot.storage.bound_bot import bind
from bot.storage.opening import open_alone, open_state
from bot.storage.postgres.update_claims import UpdateClaims
from bot.storage.state import AnswerSummary, Person, StoredPassage
from retrieval.terminal import cli
from tests.bot.storage.conftest import NEEDS_POSTGRES

pytestmark = NEEDS_POSTGRES

AN = Person(701, "admin", "An")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The state of a bot that was used, and in which each table has a row."""
    path = tmp_path / "state.sqlite"
    state = open_state(path)
    bind(state, path, 1)
    state.add(AN, 0)
    state.add(Person(702, "staff", "Bình ạ"), 701)
    state.invite("staff", 701, 60.0)
    state.accept(11, '{"update_id": 11, "message": {"text": "đã trả lời"}}')
    state.mark_answered(11)
    state.accept(12, '{"update_id": 12, "message": {"text": "chưa trả lời"}}')
    state.accept(13, '{"update_id": 13, "message": {"text": "cũng chưa"}}')
    passages = [StoredPassage("a.txt#1", "0" * 64, 0, 5, 1.5)]
    state.store_answer(702, passages, "Ai ký?", AnswerSummary("found", 0.75, 1))
    state.store_answer(702, passages)
    state.close()
    with closing(sqlite3.connect(path)) as db, db:
        for table, columns in TABLES.items():  # what no test above made: numbers will do
            if not db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:  # noqa: S608 - constants
                values = ", ".join("7" for _ in columns)
                db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})")  # noqa: S608 - constants
    return path


def rows(address: StateAddress) -> dict[str, list[tuple[object, ...]]]:
    """All that is copied, texts as people wrote them."""
    with open_alone(address) as state:
        found = {
            table: sorted(state.database.run(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)  # noqa: S608 - constants
            for table, columns in TABLES.items()
        }
        for table, column, purpose in (
            ("updates", 3, "update"),
            ("answers", 4, "question"),
            ("referrals", 6, "question"),
        ):
            found[table] = [
                (*row[:column], row[column] and state.database.unseal(purpose, row[column]), *row[column + 1 :])
                for row in found[table]
            ]
            found[table].sort(key=repr)
    return found


def test_everything_goes_to_the_database_and_back(file: Path, server: StateServer, tmp_path: Path) -> None:
    """Row for row; what people wrote is sealed there and readable again."""
    copied = copy_state(file, server)
    copy_state(server, tmp_path / "back.sqlite")

    assert rows(server) == rows(file) == rows(tmp_path / "back.sqlite")
    assert copied == sum(map(len, rows(file).values()))
    assert all(rows(file)[table] for table in TABLES)
    with open_alone(server) as state:
        ((stored,),) = state.database.run("SELECT question FROM answers WHERE question IS NOT NULL")
    assert "Ai ký" not in stored


def test_no_table_is_forgotten(file: Path, server: StateServer) -> None:
    """What both databases have is copied, with the columns that both have."""
    with closing(sqlite3.connect(file)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        own = {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in tables}
    with open_alone(server) as state:
        listed = state.database.run(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'trichdan_bot'"
        )
    shared = {
        table: {name for name in columns if (table, name) in listed}
        for table, columns in own.items()
        if table in {name for name, _ in listed}
    }

    assert shared == {table: set(columns) for table, columns in TABLES.items()}


def test_what_waited_is_answered_there_in_order(file: Path, server: StateServer) -> None:
    """And what was answered is not accepted again."""
    copy_state(file, server)

    with open_alone(server) as state:
        claims = UpdateClaims(state, most=30)
        first = claims.claim(10)
        assert not claims.accept(11, "{}", chat=1, sender=1).new
        state.mark_answered(12)
        second = claims.claim(10)

    assert [update_id for update_id, _ in (*first, *second)] == [12, 13]
    assert "chưa trả lời" in str(first[0][1])


def test_a_copy_may_take_longer_than_a_bot_may_pause(
    file: Path, server: StateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years of rows do not go over within the seconds after which a running bot gives up a statement."""
    from bot.storage.postgres import patience

    monkeypatch.setattr(patience, "_LOOK", 0.01)
    monkeypatch.setattr(patience, "SECONDS", 0.0)

    assert copy_state(file, server) > 0


def test_order_within_a_chat_goes_along(file: Path, server: StateServer) -> None:
    """What waited in one chat is claimed one by one, beside another chat's, and before what comes there later."""
    state = open_state(file)
    for update_id, chat in ((21, 501), (22, 502), (23, 501)):
        state.accept(update_id, json.dumps(message(update_id, chat)))
    state.close()
    copy_state(file, server)

    with open_alone(server) as state:
        claims = UpdateClaims(state, most=30)
        claims.accept(24, json.dumps(message(24, 502)), chat=502, sender=502)
        claimed = {update_id for update_id, _ in claims.claim(10)}

    assert claimed & {21, 22, 23, 24} == {21, 22}


def message(update_id: int, chat: int) -> dict[str, object]:
    """An update as it is stored."""
    sender = {"id": chat, "is_bot": False, "first_name": "An"}
    place = {"id": chat, "type": "private", "first_name": "An"}
    own = {"message_id": update_id, "date": 1_700_000_000, "chat": place, "from": sender, "text": "Ai ký?"}
    return {"update_id": update_id, "message": own}


def test_new_rows_are_numbered_behind_the_old(file: Path, server: StateServer) -> None:
    """A button of before must not open another document."""
    copy_state(file, server)

    with open_alone(server) as state:
        state.database.run("INSERT INTO chat_documents (folder, name, by, at) VALUES ('*', 'new', 1, 1)")
        ((number,),) = state.database.run("SELECT number FROM chat_documents WHERE name = 'new'")

    assert number == 8


def test_only_an_empty_place_is_written_to(file: Path, server: StateServer) -> None:
    """Nothing of what is there is lost, or mixed with another bot's."""
    copy_state(file, server)

    with pytest.raises(StateError, match="holds something: name another"):
        copy_state(file, server)


def test_no_bot_answers_meanwhile(file: Path, server: StateServer) -> None:
    """What it would store in between would be lost."""
    with open_alone(file), pytest.raises(StateError, match="another process holds"):
        copy_state(file, server)
    assert not any(rows(server).values())


def test_the_command_says_what_to_do_next(file: Path, server: StateServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the password."""
    monkeypatch.setenv("TRICHDAN_STATE", str(file))
    address = server.url.replace("postgres@", "postgres:rat-mat@")

    done = CliRunner().invoke(cli.app, ["bot-copy-state", address])
    again = CliRunner().invoke(cli.app, ["bot-copy-state", address])

    assert done.exit_code == 0
    assert "start the bot with TRICHDAN_STATE naming that alone" in done.stderr
    assert again.exit_code == 2
    assert "rat-mat" not in done.stderr + again.stderr
