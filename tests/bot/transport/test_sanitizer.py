"""Responses in which some updates cannot be parsed."""

from __future__ import annotations

import json

import pytest

from bot.transport.sanitizer import sanitize_update, sanitize_updates
from tests.support.bot.server import person

GOOD = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": person(5),
        "text": 'a "[{" b\\',
    },
}
BAD = {"update_id": 2, "message": {"text": "chỉ có chữ"}}


def answer(*updates):
    """An answer of getUpdates, from updates as JSON."""
    return b'{"ok":true,"result":[' + b",".join(updates) + b"]}"


def result(body):
    """The updates of an answer."""
    return json.loads(sanitize_updates(body))["result"]


def test_what_ptb_reads_is_passed_on_as_it_is():
    """Byte for byte."""
    body = answer(json.dumps(GOOD).encode())

    assert sanitize_updates(body) == body


def test_what_ptb_cannot_read_is_emptied():
    """Its id stays, so that it is confirmed; the others are whole."""
    body = answer(json.dumps(BAD).encode(), json.dumps(GOOD).encode())

    assert result(body) == [{"update_id": 2}, GOOD]


@pytest.mark.parametrize("depth", [101, 900, pytest.param(200_000, marks=pytest.mark.slow)])
def test_deep_nesting_costs_nobody_else_their_answer(depth):
    """Python's parser fails on the whole response; only the offending update is emptied."""
    deep = b'{"update_id": 7, "message": ' + b'{"a":[' * depth + b"]}" * depth + b"}"
    body = answer(deep, json.dumps(GOOD).encode(), json.dumps(BAD).encode())

    assert result(body) == [{"update_id": 7}, GOOD, {"update_id": 2}]


def test_half_of_a_surrogate_pair_becomes_a_question_mark():
    """An answer that repeated it could not be sent; a whole pair is a character."""
    spoilt = {**GOOD, "message": {**GOOD["message"], "text": "a\ud800b 🙂"}}

    (update,) = result(answer(json.dumps(spoilt).encode()))

    assert update["message"]["text"] == "a?b 🙂"


def test_brackets_in_a_text_are_no_nesting():
    """A message of 4,096 brackets is a message."""
    noisy = {**GOOD, "message": {**GOOD["message"], "text": "[{" * 2048}}

    assert result(answer(json.dumps(noisy).encode())) == [noisy]


@pytest.mark.parametrize("update", [b"5", b'"x"', b"null", b"{}", b'{"update_id": true}', b'{"update_id": "1"}'])
def test_what_has_no_id_is_dropped(update):
    """It could not be confirmed."""
    assert result(answer(update, json.dumps(GOOD).encode())) == [GOOD]
    assert sanitize_update(update) is None
