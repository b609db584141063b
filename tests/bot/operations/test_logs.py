"""Log lines: as text and as JSON, with no secret in either."""

from __future__ import annotations

import json
import logging
import signal
from datetime import datetime

from pydantic import SecretStr

from bot.operations.logs import JsonFormatter, RedactingFormatter
from tests.bot.conftest import ADMIN
from tests.bot.conversation.test_questions import QUESTION
from tests.support.bot.call import Fault
from tests.support.bot.server import TOKEN


def record(message, *args, error=None, **extra):
    """A record as `logging` makes one."""
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, message, args, info)
    made.__dict__.update(extra)
    return made


def test_one_object_a_line():
    """The time with its zone; the traceback a string, though it has many lines; Vietnamese as it is."""
    error = ValueError("dòng 1\ndòng 2")

    line = JsonFormatter(SecretStr(TOKEN)).format(record("sự cố %s", "A1", error=error, incident="A1", update=9))

    fields = json.loads(line)
    assert "\n" not in line
    assert datetime.fromisoformat(fields.pop("time")).utcoffset() is not None
    assert fields.pop("traceback").endswith("ValueError: dòng 1\ndòng 2")
    assert fields == {"level": "ERROR", "logger": "bot.x", "message": "sự cố A1", "incident": "A1", "update": 9}
    assert "sự cố" in line


def test_no_field_holds_a_secret():
    """Also a secret that JSON would spell otherwise than it is."""
    error = RuntimeError(f"https://x/bot{TOKEN}/getMe")
    formatter = JsonFormatter(SecretStr(TOKEN), SecretStr('quoted"secret'))

    line = formatter.format(record('at %s with quoted"secret', TOKEN, error=error))

    assert TOKEN.partition(":")[2] not in line
    assert "secret" not in line


def test_no_line_holds_the_password_of_an_address():
    """As it is written there, and as the server knows it; an address without one is named."""
    with_password = RedactingFormatter(SecretStr("postgresql://bot:r%40t-mat@db1:5432,db2/x"), SecretStr(""))
    without = RedactingFormatter(SecretStr("postgresql://bot@db1/x"))

    line = with_password.format(record("no password r%40t-mat for bot at db1:5432, r@t-mat is wrong"))

    assert line.endswith("no password *** for bot at db1:5432, *** is wrong")
    assert without.format(record("postgresql://bot@db1/x is away")).endswith("postgresql://bot@db1/x is away")


def test_a_process_that_logs_json(api, start):
    """Every line is an object, also those of failures; an incident is found by its code and its update."""
    process = start(log_format="json")
    api.wait(lambda: api.sent("setMyCommands"))
    api.fail("sendMessage", Fault(400, "Bad Request: chat not found"))
    api.say(QUESTION, ADMIN)
    (apology,) = api.wait_sent()
    process.send(signal.SIGTERM)
    assert process.wait() == 0

    lines = [json.loads(line) for line in process.log().splitlines()]

    (incident,) = [line for line in lines if "incident" in line]
    assert incident["incident"] in apology.parameters["text"]
    assert incident["update"] == 1000
    assert "BadRequest" in incident["traceback"]
    assert QUESTION not in process.log()
    assert TOKEN.partition(":")[2] not in process.log()
