"""The state file: who may ask, invitations, the audit trail, updates and answers."""

from __future__ import annotations

import os
import sqlite3

import pytest

from bot.errors import StateError
from bot.storage.approved_answers import ApprovedAnswers
from bot.storage.names import Names
from bot.storage.opening import open_state
from bot.storage.retention import Retention
from bot.storage.sqlite.schema import MIGRATIONS, VERSION
from bot.storage.state import Person, StoredPassage


def test_a_stranger_has_no_role(state):
    """Deny by default."""
    assert state.role(5) is None


def test_an_invitation_is_good_once(state):
    """The second who redeems it gets nothing."""
    code = state.invite("staff", by=412, seconds=60)

    redeemed = [state.redeem(code, 5, "An", admins=[412]), state.redeem(code, 6, "Bình", admins=[412])]

    assert redeemed == ["staff", None]
    assert state.people() == [Person(5, "staff", "An")]


def test_an_invitation_expires(state, now):
    """After its time it is as good as unknown."""
    code = state.invite("admin", by=412, seconds=60)
    now.time += 60

    assert state.redeem(code, 5, "An", admins=[412]) is None


def test_an_expired_invitation_is_not_good_again_when_the_clock_is_set_back(state, now):
    """It is deleted when it is seen."""
    code = state.invite("staff", by=412, seconds=60)
    now.time += 60
    state.redeem(code, 5, "An", admins=[412])
    now.time -= 30

    assert state.redeem(code, 5, "An", admins=[412]) is None


def test_the_invitations_of_a_removed_administrator_die(state):
    """Nobody comes in by the word of one who has lost the right to give it; others' invitations stay good."""
    state.add(Person(7, "admin", "Bà Bình"), by=412)
    theirs, another = state.invite("admin", by=7, seconds=60), state.invite("staff", by=412, seconds=60)
    state.remove(7, by=412)

    redeemed = [state.redeem(theirs, 7, "Bà Bình", admins=[412]), state.redeem(another, 5, "An", admins=[412])]

    assert redeemed == [None, "staff"]


def test_an_invitation_is_good_only_while_its_maker_is_an_administrator(state):
    """Also for one whom the settings name no longer: they had no role that could be removed; never for themselves."""
    theirs, another = state.invite("admin", by=900, seconds=60), state.invite("admin", by=900, seconds=60)

    redeemed = [state.redeem(theirs, 5, "An", admins=[412]), state.redeem(another, 900, "Cũ", admins=[412, 900])]

    assert redeemed == [None, None]


def test_the_file_is_its_owners_alone(tmp_path):
    """With its log, however lax the rights are that new files have here."""
    before = os.umask(0o022)
    try:
        other = open_state(tmp_path / "other.sqlite")
        other.accept(1, "{}")
        rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("other.sqlite*")}
        other.close()
    finally:
        os.umask(before)

    assert rights == {"other.sqlite": 0o600, "other.sqlite-wal": 0o600, "other.sqlite-shm": 0o600}


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path):
    """With the logs that a killed bot left."""
    files = [tmp_path / f"other.sqlite{end}" for end in ("", "-wal", "-shm")]
    for file in files:
        file.touch()
        file.chmod(0o644)

    open_state(files[0]).close()

    assert files[0].stat().st_mode & 0o777 == 0o600


def test_the_file_does_not_hold_the_code(state_file, tmp_path):
    """Who reads the file cannot redeem what it holds."""
    code = state_file.invite("staff", by=412, seconds=60)

    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert code.encode() not in files


def test_a_name_with_a_null_character_is_kept_without(state):
    """PostgreSQL takes none in a text, and every message of its bearer would fail."""
    names = Names(state)

    names.remember(77, "An\0 Bình")

    assert names.label(77) == "An Bình (77)"


def test_what_admins_do_is_on_record(state):
    """Who did what to whom, the newest first."""
    state.add(Person(5, "staff", "An"), by=412)
    state.redeem(state.invite("staff", by=412, seconds=60), 6, "Bình", admins=[412])
    state.remove(5, by=7)

    trail = [(act.actor, act.act, act.subject) for act in state.audit_log()]
    assert trail == [(7, "remove", 5), (412, "add staff", 6), (412, "invite staff", 412), (412, "add staff", 5)]


def test_an_update_is_accepted_once(state):
    """Telegram may deliver it again after a crash."""
    accepted = [state.accept(9, "{}"), state.accept(9, "{}")]

    assert accepted == [True, False]


def steps_of(state, work):
    """How many instructions of SQLite's machine some work takes."""
    counted = []
    with state.transaction() as db:
        pass
    db.set_progress_handler(lambda: counted.append(1), 1)
    work()
    db.set_progress_handler(None, 0)
    return len(counted)


def test_accepting_takes_as_long_with_many_updates_as_with_none(state_file):
    """Strangers may have written a hundred thousand messages this week."""
    few = steps_of(state_file, lambda: state_file.accept(1, "{}"))
    with state_file.transaction() as db:
        db.executemany(
            "INSERT INTO updates VALUES (?, ?, 0, NULL)",
            ((100 + i, state_file.now() - i % 600_000) for i in range(100_000)),
        )

    many = steps_of(state_file, lambda: state_file.accept(2, "{}"))

    assert many < 2 * few


def test_refusing_takes_as_long_after_many_strangers_as_after_none(state_file):
    """A hundred thousand strangers may have written within the hour."""
    few = steps_of(state_file, lambda: state_file.may_refuse(1, 3600.0))
    with state_file.transaction() as db:
        db.executemany("INSERT INTO refusals VALUES (?, ?)", ((100 + i, state_file.now()) for i in range(100_000)))

    many = steps_of(state_file, lambda: state_file.may_refuse(2, 3600.0))

    assert many < 2 * few


def test_expiring_looks_only_at_what_has_expired(state_file):
    """A hundred thousand updates of this week are not read."""
    retention = Retention(state_file, days=90)
    few = steps_of(state_file, retention.expire)
    with state_file.transaction() as db:
        db.executemany("INSERT INTO updates VALUES (?, ?, 0, NULL)", ((i, state_file.now()) for i in range(100_000)))

    many = steps_of(state_file, retention.expire)

    assert many < 2 * few


def test_answered_updates_are_deleted_after_a_week(state, now):
    """Their ids are needed no longer; what is pending stays."""
    state.accept(9, "{}")
    state.accept(10, "{}")
    state.mark_answered(9)
    now.time += 8 * 86_400

    Retention(state, days=90).expire()

    with state.transaction() as db:
        assert db.execute("SELECT update_id FROM updates").fetchall() == [(10,)]


def test_an_answered_update_leaves_no_text(state):
    """Only its id stays, so that it is still known when it comes again."""
    state.accept(9, '{"text": "bí mật"}')
    state.accept(10, "{}")

    state.mark_answered(9)

    assert state.pending() == [(10, "{}")]
    assert state.accept(9, "{}") is False


def test_seen_ids_are_forgotten_in_the_end(state, now):
    """After a week; what is pending stays."""
    state.accept(9, "{}")
    state.accept(10, "{}")
    state.mark_answered(9)
    now.time += 8 * 86_400

    state.accept(11, "{}")

    assert state.accept(9, "{}") is True
    assert [number for number, _ in state.pending()] == [9, 10, 11]


def test_an_answer_is_found_by_its_short_id(state_file, tmp_path):
    """Also by another process, after this one ended."""
    passages = [StoredPassage("quy chế.txt#4", "ab12", 3, 17), StoredPassage("b.txt#1", "cd34", 0, 0)]
    answer_id = state_file.store_answer(5, passages)
    state_file.close()

    reopened = open_state(tmp_path / "state.sqlite")

    assert reopened.passages_of(answer_id) == passages
    assert reopened.passages_of("unknown") is None
    assert len(answer_id) == 8
    reopened.close()


def test_a_question_is_kept_only_when_given(state):
    """The column exists; without the operator's wish it stays empty."""
    state.store_answer(5, [])
    state.store_answer(5, [], question="ai ký?")

    kept = [question for (question,) in state.database.run("SELECT question FROM answers") if question is not None]
    assert [state.database.unseal("question", each) for each in kept] == ["ai ký?"]


def test_a_stranger_is_told_once_an_hour(state, now):
    """Each stranger by themselves."""
    told = [state.may_refuse(5, 3600), state.may_refuse(5, 3600), state.may_refuse(6, 3600)]
    now.time += 3600

    assert [*told, state.may_refuse(5, 3600)] == [True, False, True, True]


def test_a_file_of_version_five_without_approved_answers_gets_them(tmp_path):
    """They came into that version later: without their table every question would fail."""
    db = sqlite3.connect(tmp_path / "state.sqlite")
    db.executescript("".join(MIGRATIONS[:5]) + "PRAGMA user_version = 5;")
    db.close()

    state = open_state(tmp_path / "state.sqlite")

    assert ApprovedAnswers(state).find("Ai ký?") is None
    state.close()


def test_a_newer_file_is_refused(tmp_path):
    """Rule, value found, remedy."""
    db = sqlite3.connect(tmp_path / "state.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()

    with pytest.raises(StateError, match=rf"up to number {VERSION}, .* has 99: install"):
        open_state(tmp_path / "state.sqlite")


def test_a_file_of_another_kind_is_refused(tmp_path):
    """SQLite's reason stands in the sentence."""
    (tmp_path / "state.sqlite").write_text("not a database, and long enough to be read as one" * 50)

    with pytest.raises(StateError, match=r"must be a writable SQLite file, .* is not"):
        open_state(tmp_path / "state.sqlite")
