"""One process at a time, and one bot, answers from a state file."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds `bot-rebind` to the commands
from bot.errors import StateError
from bot.storage.approved_answers import ApprovedAnswer, ApprovedAnswers
from bot.storage.bound_bot import bind, unbind
from bot.storage.facts import Facts
from bot.storage.opening import open_state
from bot.storage.referrals import Referral, Referrals
from bot.storage.sqlite.state_lock import state_lock
from bot.storage.state import Person, StoredPassage
from retrieval.terminal import cli
from tests.bot.conftest import ADMIN, STAFF
from tests.support.bot.server import BOT

OTHER = "1234567890:AAHotherotherotherotherotherotherot"


def test_another_bot_is_refused_the_file(api, start, tmp_path):
    """By the id in its token, before anything is sent; the sentence names both and the remedy."""
    first = start()
    api.wait(lambda: api.sent("setMyCommands"))
    first.end()
    calls = len(api.calls)
    second = start(token=OTHER)

    code = second.wait()

    assert code == 2
    assert f"is of bot {BOT['id']} and the token is of bot 1234567890: correct TRICHDAN_STATE" in second.log()
    assert len(api.calls) == calls


def test_a_file_is_handed_over_on_purpose(state, tmp_path):
    """What only the former bot can use is gone: its updates, invitations and referrals; what was approved stays."""
    path = tmp_path / "state.sqlite"
    bind(state, path, 1)
    state.add(Person(STAFF, "staff", "An"), ADMIN)
    code = state.invite("admin", ADMIN, 3600)
    state.accept(9, "{}")
    Referrals(state).store(5, 6, Referral("a", STAFF, STAFF, 7, "ai ký?", frozenset({STAFF})))
    approved = ApprovedAnswers(state)
    approved.store(5, 6, "ai ký?", ApprovedAnswer("Ông An", "Bình", 1.0, StoredPassage("a#1", "ab", 0, 0)))

    owner, dropped = unbind(state)
    bind(state, path, 2)
    approved.store(5, 6, "ở đâu?", ApprovedAnswer("Hà Nội", "Bình", 1.0, StoredPassage("a#1", "ab", 0, 0)))

    assert (owner, dropped, Facts(state).find("bot")) == ("1", 1, "2")
    assert state.redeem(code, 701, "Chi", admins=[ADMIN]) is None
    assert state.accept(9, "{}")
    assert Referrals(state).find(5, 6) is None
    assert [each.text for each in map(approved.find, ("ai ký?", "ở đâu?")) if each] == ["Ông An", "Hà Nội"]
    assert state.role(STAFF) == "staff"


def test_the_command_hands_over_what_no_bot_holds(tmp_path, monkeypatch):
    """While one runs it is refused, and nothing changes."""
    path = tmp_path / "state.sqlite"
    monkeypatch.setenv("TRICHDAN_STATE", str(path))
    missing = CliRunner().invoke(cli.app, ["bot-rebind"])
    state = open_state(path)
    bind(state, path, 1)
    with state_lock(path):
        refused = CliRunner().invoke(cli.app, ["bot-rebind"])
    with pytest.raises(StateError, match="is of bot 1 and the token is of bot 2"):
        bind(state, path, 2)

    done = CliRunner().invoke(cli.app, ["bot-rebind"])

    bind(state, path, 2)
    state.close()
    assert (missing.exit_code, refused.exit_code, done.exit_code) == (2, 2, 0)
    assert "was of bot 1; unanswered messages dropped: 0" in done.stderr
