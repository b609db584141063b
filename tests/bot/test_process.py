"""The bot as a process of its own: how it starts, refuses, ends, and what it still knows after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.bot.conftest import ADMIN, make_foreign
from tests.bot.conversation.test_questions import bot_file
from tests.support.bot.call import Fault
from tests.support.bot.server import TOKEN

QUESTION = "Bệnh viện dã chiến cấp 2 có bao nhiêu người?"


def test_no_question_is_lost_to_kill_9(api, start):
    """Killed after the server forgot the update and before the answer arrived; the next start answers it once."""
    first = start()
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(500, delay=3600, chat=ADMIN))
    update = 1000
    api.say(QUESTION, ADMIN)
    api.wait(lambda: not api.faults["sendMessage"])  # the answer is on its way
    api.wait(lambda: api.confirmed > update)  # and the server will not deliver the question again
    first.send(signal.SIGKILL)
    first.wait()

    start()

    (answer,) = api.wait_sent()
    assert "70 người" in answer.parameters["text"]
    assert api.updates == []


def test_an_answered_question_is_not_answered_again(api, start, config):
    """Killed after answering but before confirming: the update is redelivered, and answered only once."""
    first = start()
    api.say(QUESTION, ADMIN)
    question = api.updates[0]
    api.wait_sent()
    api.wait(lambda: bot_file(config, "SELECT count(*) FROM updates WHERE payload IS NULL") == 1)
    first.send(signal.SIGKILL)
    first.wait()
    api.updates.append(question)

    start()
    api.wait(lambda: api.confirmed > 1000 and not api.updates)
    api.say("/start", ADMIN)  # in order within a chat: whatever came of the question came before this

    first_answer, second_answer = api.wait_sent(2)
    assert "70 người" in first_answer.parameters["text"]
    assert "hệ thống tra cứu tài liệu" in second_answer.parameters["text"]


def test_its_environment_and_memory_are_closed_to_its_user(api, start):
    """Those of another program of the user are open, and would be to a process that reads files."""
    plain = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []  # root without its powers
    process = start(under=plain)
    api.wait(lambda: api.sent("setMyCommands"))
    with subprocess.Popen([*plain, "sh", "-c", "echo; exec sleep 3600"], stdout=subprocess.PIPE) as other:
        other.stdout.readline()  # now it is one
        commands = [[*plain, "cat", f"/proc/{pid}/environ"] for pid in (other.pid, process.pid)]

        read = [subprocess.run(command, check=False, capture_output=True) for command in commands]
        other.kill()

    assert [ended.returncode for ended in read] == [0, 1]


def test_sigterm_answers_what_was_accepted_and_ends(api, start):
    """The answer under way is sent, exit code 0."""
    process = start(stop_seconds="9")
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(502, "Bad Gateway"))  # tried again after half a second
    api.say(QUESTION, ADMIN)
    api.wait(lambda: not api.faults["sendMessage"])

    process.send(signal.SIGTERM)

    assert process.wait() == 0
    assert "70 người" in api.sent()[0].parameters["text"]


def test_sigterm_ends_it_though_the_server_hangs_for_an_hour(api, start):
    """What could not be sent within `stop_seconds` is answered after the next start."""
    first = start(stop_seconds="1")
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(500, delay=3600))
    api.say(QUESTION, ADMIN)
    api.wait(lambda: not api.faults["sendMessage"])
    api.fail("getUpdates", Fault(500, delay=3600))

    first.send(signal.SIGTERM)
    first.wait()
    api.faults["getUpdates"].clear()
    start()

    assert "ended with updates unanswered" in first.log()
    assert "Coroutine" not in first.log()
    assert "70 người" in api.wait_sent()[0].parameters["text"]


def test_sigterm_before_the_server_answered(api, start):
    """A server that hangs from the start does not delay the end."""
    api.fail("getMe", Fault(500, delay=3600))
    process = start()
    api.wait(lambda: not api.faults["getMe"])

    process.send(signal.SIGTERM)

    assert process.wait() == 0


def test_nothing_logged_holds_the_token(api, start):
    """Not after network errors, refusals of the token and tracebacks, each of which carries it inside."""
    process = start()
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("getUpdates", Fault(502, "Bad Gateway"), Fault(cut=True))
    api.fail("sendMessage", Fault(400, "Bad Request: chat not found"))
    api.say(QUESTION, ADMIN)
    api.wait_sent()
    api.fail("getUpdates", Fault(401, "Unauthorized"))
    api.say("/help", ADMIN)

    code = process.wait()

    assert code == 2
    assert "TRICHDAN_TOKEN" in process.log()
    assert "incident" in process.log()
    assert TOKEN.partition(":")[2] not in process.log()
    assert QUESTION not in process.log()


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ({"token": ""}, 2, "trichdan: the bot needs a token, found none: set TRICHDAN_TOKEN"),
        ({"token": f"{TOKEN}wrong"}, 2, "does not: copy it again from @BotFather"),
        ({"index": "nowhere"}, 2, "build it with `trichdan index FOLDER --index nowhere`"),
    ],
    ids=["no token", "wrong token", "no index"],
)
def test_a_refusal_is_one_sentence(start, settings, code, sentence):
    """What is wrong and what to do; no traceback, no token."""
    process = start(bag=False, **settings)

    assert process.wait() == code
    assert sentence in process.log()
    assert "Traceback" not in process.log()
    assert TOKEN.partition(":")[2] not in process.log()


def test_the_index_of_another_version_does_not_keep_the_bot_from_starting(api, start, own_home):
    """The log names the cause and the remedy, questions are answered accordingly, and commands work."""
    make_foreign(own_home.index)

    process = start(index=str(own_home.index))
    api.say(QUESTION, ADMIN)

    api.wait(lambda: any("/naplai" in call.parameters["text"] for call in api.sent()))
    assert "has format 1: run `trichdan index --rebuild`, or send the bot /naplai" in process.log()


def test_a_second_bot_on_the_same_state_file_ends_and_the_first_answers_on(api, start):
    """An operator tries it in a shell while the service runs: exit code 2, and no question is answered twice."""
    first = start()
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(502, "Bad Gateway"))  # the answer waits while the second one starts
    api.say(QUESTION, ADMIN)
    api.wait(lambda: not api.faults["sendMessage"])
    polls = len(api.sent("getMe"))

    second = start()

    assert second.wait() == 2
    assert "another process holds" in second.log()
    assert len(api.sent("getMe")) == polls  # it ended before it talked to the server
    (answer,) = api.wait_sent()
    assert "70 người" in answer.parameters["text"]
    first.send(signal.SIGTERM)
    assert first.wait() == 0


def test_without_an_administrator_the_log_warns(api, start):
    """Nobody could ever get in; the setting is named."""
    process = start(admins="")
    api.wait(lambda: api.sent("getMe"))
    process.send(signal.SIGTERM)
    process.wait()

    assert "set TRICHDAN_ADMINS" in process.log()


def test_another_instance_is_recognised(api, start):
    """Three 409 in a row: exit code 3, so that a service manager may try again later."""
    api.fail("getUpdates", *[Fault(409, "Conflict: terminated by other getUpdates request")] * 3)

    process = start()

    assert process.wait() == 3
    assert "another one does (409)" in process.log()


def test_silence_ends_the_process(api, start):
    """No answered getUpdates for so long means a fresh start; exit code 4."""
    api.fail("getUpdates", *[Fault(500, delay=3600)] * 20)

    process = start(silence_seconds="1")

    assert process.wait() == 4
    assert "nothing came for" in process.log()
