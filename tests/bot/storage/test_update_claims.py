"""Which of several processes answers an update: each once, in order within a chat, and none lost with a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from bot.storage.opening import open_state
from bot.storage.postgres.update_claims import UpdateClaims
from tests.bot.conftest import ROOT
from tests.bot.storage.conftest import NEEDS_POSTGRES
from tests.support.bot.claiming_process import AT_ONCE
from tests.support.waiting import until

pytestmark = NEEDS_POSTGRES

CHATS = 37
UPDATES = int(os.environ.get("TRICHDAN_CLAIMS", "150"))


@pytest.fixture
def shared(server, now):
    """A state in PostgreSQL."""
    state = open_state(server, now=now)
    yield state
    state.close()


@pytest.fixture
def claims(shared):
    """What one process sees."""
    return UpdateClaims(shared, most=3)


def accept(claims, update_id, chat=5, sender=5):
    return claims.accept(update_id, f"u{update_id}", chat=chat, sender=sender)


def test_a_second_delivery_is_known(claims, shared):
    """By either process; and it is written, so that its confirmation waits for the standby as the first did."""
    accepted = [accept(claims, 9), accept(UpdateClaims(shared, most=3), 9)]

    assert [each.new for each in accepted] == [True, False]
    assert shared.database.run("SELECT deliveries, payload IS NOT NULL FROM updates") == [(2, True)]


def test_a_number_is_new_again_after_a_week(claims, shared, now):
    """Telegram may begin anew."""
    accept(claims, 9)
    claims.settle([9])
    now.time += 8 * 86_400

    assert accept(claims, 9).new
    assert shared.pending() == [(9, "u9")]


def test_only_the_oldest_of_a_chat_is_claimed(claims, shared):
    """The next one when it is settled, whoever claims then."""
    for number, chat in ((1, 5), (2, 5), (3, 6)):
        accept(claims, number, chat, chat)
    other = UpdateClaims(shared, most=3)

    first, second = claims.claim(9), other.claim(9)
    claims.settle([1])
    third = other.claim(9)

    assert (first, second, third) == ([(1, "u1"), (3, "u3")], [], [(2, "u2")])


def test_what_a_vanished_process_held_is_claimed_by_another(claims, shared):
    """When its lease is over; what is renewed or released meanwhile is not waited for."""
    vanishing = UpdateClaims(shared, most=3, lease=0.0)
    for number in (1, 2, 3):
        accept(claims, number, number, number)
    vanishing.claim(9)
    UpdateClaims(shared, most=3).claim(1)
    vanishing.renew([2])

    left = claims.claim(9)
    claims.release([2])

    assert left == [(2, "u2"), (3, "u3")]
    assert UpdateClaims(shared, most=3).claim(9) == [(2, "u2")]


def test_a_flood_is_refused_and_told_once(claims, shared, now):
    """Three of one sender may wait, in whatever chats; further ones are known by number alone."""
    accepted = [accept(claims, number, number) for number in range(1, 6)]
    other = accept(claims, 6, 6, 6)
    claims.settle([1, 2, 3])
    now.time += 1
    again = [accept(claims, number, number) for number in range(7, 11)]

    assert [(each.refused, each.tell) for each in accepted[2:]] == [(False, False), (True, True), (True, False)]
    assert not other.refused
    assert [(each.refused, each.tell) for each in again[2:]] == [(False, False), (True, True)]
    assert [number for number, _ in shared.pending()] == [6, 7, 8, 9]


def test_three_processes_answer_each_once_and_one_is_killed(claims, server, tmp_path):
    """Each delivered twice; what was in flight at the kill may be answered twice, and nothing overtakes in a chat."""
    generous = UpdateClaims(claims._state, most=UPDATES)
    for number in range(UPDATES):
        for _ in range(2):
            accept(generous, number, number % CHATS, number % CHATS)
    file = tmp_path / "answers"
    file.touch()
    command = [sys.executable, "-m", "tests.support.bot.claiming_process", server.url, str(file)]
    processes = [subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT) for _ in range(3)]
    until(lambda: len(answers(file)) > UPDATES // 5)
    processes[0].kill()
    codes = [process.wait() for process in processes]

    answered = [number for _, number in answers(file)]
    doubles = [number for number, count in Counter(answered).items() if count > 1]
    order = defaultdict(list)
    for number in dict.fromkeys(answered):
        order[number % CHATS].append(number)

    assert codes == [-9, 0, 0]
    assert sorted(set(answered)) == list(range(UPDATES))
    assert len(doubles) <= AT_ONCE
    assert [numbers for numbers in order.values() if numbers != sorted(numbers)] == []
    assert len({owner for owner, _ in answers(file)}) > 1


def answers(file):
    """Who answered which update, in order."""
    return [(owner, int(number)) for owner, number in map(str.split, file.read_text().splitlines())]
