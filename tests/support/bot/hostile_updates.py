"""
Hostile updates made from the Bot API's types as python-telegram-bot declares them.

    .venv/bin/python -m tests.support.bot.hostile_updates 100000 [SEED]

Every kind of update, in every form that the types allow; half of them spoilt: wrong types, missing fields, deep
nesting, huge texts, lone surrogates, ids that are negative or do not fit 64 bits.
"""

from __future__ import annotations

import asyncio
import collections.abc
import copy
import datetime as dt
import inspect
import json
import logging
import random
import sys
import tempfile
import time
import traceback
import types
import typing
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import telegram
import telegram._utils.types
from telegram import Update

from bot.storage.state import BotState, Person
from tests.bot.conftest import ADMIN, GROUP, STAFF, home_in, running, settings_for
from tests.support.bot.server import BotApi

QUESTION = "Bệnh viện dã chiến cấp 2 có bao nhiêu người?"
SECRETS = ("70 người", "Nam Sudan", "ngày 15", "blockquote")  # what only staff may read
_NAMES = {**vars(typing), **vars(collections.abc), **vars(telegram._utils.types)} | vars(telegram) | {"dtm": dt}
_STRANGERS = (5555, 5555, 5555, 5555, 5556, -5, 0, 2**52, 2**63 - 1, 2**63, 2**64 + 1)
_COLLEAGUES = tuple(range(100, 140))
_TEXTS = (
    QUESTION, "/start", "/start " + "A" * 64, "/moi quantri", "/xoa 77", "/nguon", "/tailieu quy", "/vidu", "khi nào?",
    "\u202e\u0000</b><b>", "/", "@trichdan_test_bot", "%s{0}{user}", "ế" * 4096,
)  # fmt: skip
_DATA = ("s:a:0:1", "d:AAAAAAAA:0:0", "m:AAAAAAAA:999:0", "l:1", "\u0000", "x" * 64)
_WORDS = (
    "private", "group", "supergroup", "channel", "sender", "mention", "bot_command", "text_mention", "pre", "photo",
    "emoji", "custom_emoji", "paid", "user", "hidden_user", "chat", "administrator", "member", "kicked", "left",
    "regular", "quiz", "solid", "gradient", "", "\ud800", "A" * 300,
)  # fmt: skip
_SPOILT: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, -(2**63) - 1, 2**64, 10**30, 1.5, 1e308, "", "5", "\ud83d", "\udc00\ud800",
    "\u0000", "A" * 100_000, [], {}, [[]], [{}], {"": {}}, [None] * 200,
)  # fmt: skip
_DEEPEST = 5


def _word(draw: random.Random) -> str:
    return draw.choice(_WORDS)


_PLAIN: tuple[tuple[type, Any], ...] = (  # in order: a bool is an int
    (bool, lambda draw: draw.random() < 0.5),
    (int, lambda draw: draw.choice((0, 1, -1001, 1_700_000_000, 2**52))),
    (dt.datetime, lambda draw: draw.randint(0, 1_800_000_000)),
    (dt.timedelta, lambda draw: draw.randint(0, 100_000)),
    (float, lambda draw: draw.uniform(-180, 180)),
)


@cache
def fields_of(kind: type) -> dict[str, tuple[Any, bool]]:
    """A type's fields by their name in the Bot API: their type, and whether they are required."""
    parameters = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    return {
        "from" if name == "from_user" else name: (
            eval(each.annotation, _NAMES) if isinstance(each.annotation, str) else each.annotation,  # noqa: S307 - PTB's
            each.default is inspect.Parameter.empty,
        )
        for name, each in parameters.items()
        if name not in {"self", "args", "kwargs", "api_kwargs"}
    }


@dataclass
class Maker:
    """Makes updates by a seed."""

    seed: int
    kinds: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)  # noqa: S311 - a repeatable sample

    def update(self) -> dict[str, Any]:
        """One update without its id."""
        draw = self._draw
        known = {name: kind for name, (kind, _) in fields_of(Update).items() if name != "update_id"}
        names = draw.sample(sorted(known), draw.choice((0, 1, 1, 1, 1, 1, 1, 1, 1, 2)))
        if draw.random() < 0.4:
            names = [draw.choice(("message", "callback_query"))]  # the two that are heard
        self.kinds.update(names or ["(none)"])
        made = {name: self._value(known[name], 0) for name in names}
        for each in made.values():
            if isinstance(each, dict) and draw.random() < 0.7:
                self._make_likely(each)
        staff = draw.random() < 0.1
        if draw.random() < 0.5:
            for _ in range(draw.randint(1, 3)):
                self._spoil(made)
        self._sign(made, draw.choice(_COLLEAGUES if staff else _STRANGERS), staff=staff)
        return made

    def _value(self, kind: Any, depth: int) -> Any:
        draw, parts = self._draw, typing.get_args(kind)
        if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
            return self._value(draw.choice([part for part in parts if part is not type(None)]), depth)
        if parts:
            return [self._value(parts[0], depth + 1) for _ in range(draw.randint(0, 2))]
        if not isinstance(kind, type):
            return _word(draw)
        if issubclass(kind, telegram.TelegramObject):
            return self._object(draw.choice([kind, *kind.__subclasses__()]), depth + 1)
        plain = next((make for known, make in _PLAIN if issubclass(kind, known)), _word)
        return plain(draw)

    def _object(self, kind: type, depth: int) -> dict[str, Any]:
        likely = 0.3 / depth
        return {
            name: self._value(each, depth)
            for name, (each, required) in fields_of(kind).items()
            if depth <= _DEEPEST and (required or self._draw.random() < likely)
        }

    def _make_likely(self, each: dict[str, Any]) -> None:
        """So that it gets beyond PTB's reader: a text in a chat, or a button below a message."""
        draw = self._draw
        chat = {"id": draw.choice((5555, GROUP, -2002)), "type": draw.choice(("private", "supergroup"))}
        message = {"message_id": draw.randint(1, 999), "date": 1, "chat": chat}
        if "chat_instance" in each:
            each |= {"id": "1", "message": message, "data": draw.choice(_DATA)}
        elif "message_id" in each:
            kept = {name: each[name] for name in draw.sample(sorted(each), min(3, len(each)))}
            each.clear()
            each |= kept | message | {"text": draw.choice(_TEXTS)}

    def _sign(self, made: dict[str, Any], user: int, *, staff: bool) -> None:
        """Set the sender; staff write in their own chat, as the server ensures."""
        sender = {"id": user, "is_bot": False, "first_name": self._draw.choice(_WORDS) or "A", "language_code": "vi"}
        for each in made.values():
            if not isinstance(each, dict):
                continue
            if staff or {"from", "text", "data"} & each.keys():
                each["from"] = sender
            if staff:
                each["chat"] = {"id": user, "type": "private"}
                if "message" in each:
                    each["message"] = {"message_id": 1, "date": 1, "chat": each["chat"]}

    def _spoil(self, node: Any) -> None:
        """Put something invalid somewhere below a value."""
        draw = self._draw
        while isinstance(node, dict | list) and node:
            key: Any = draw.choice(list(node)) if isinstance(node, dict) else draw.randrange(len(node))
            if isinstance(node[key], dict | list) and node[key] and draw.random() < 0.75:
                node = node[key]
                continue
            harm = draw.random()
            if harm < 0.2:
                del node[key]
            elif harm < 0.25:
                node[key] = self._nested(draw.choice((50, 150, 250)))
            else:
                node[key] = copy.deepcopy(draw.choice(_SPOILT))
            return

    def _nested(self, depth: int) -> Any:
        nested: Any = self._draw.choice(_WORDS)
        for _ in range(depth):
            nested = {"reply_to_message": nested} if self._draw.random() < 0.5 else [nested]
        return nested


@dataclass(frozen=True)
class AssaultResult:
    """What became of the updates."""

    updates: int
    kinds: dict[str, int]
    seconds: float
    accepted: int
    incidents: dict[str, int]  # by the error's type; a failure that was logged and apologised for
    tracebacks: list[str]  # of the first incident of each place
    outside: int  # failures outside of any update
    told: dict[int, int]  # how many messages each stranger's chat got
    leaked: list[str]  # content that went anywhere but to staff or their open group
    people: list[int]
    answered_after: bool


class _Ear(logging.Handler):
    """Counts incidents by error, and keeps the first traceback of each kind."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.incidents: Counter[str] = Counter()
        self.tracebacks: dict[str, str] = {}  # by the last line of code, in the file's words
        self.outside = 0

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if hasattr(record, "incident"):
            self.incidents[type(error).__name__] += 1
            where = str(traceback.extract_tb(error.__traceback__)[-1:]) if error else ""
            self.tracebacks.setdefault(where, "".join(traceback.format_exception(error)))
        elif error is not None and record.name.startswith(("bot", "telegram", "asyncio")):
            self.outside += 1


async def assault(api: BotApi, state: BotState, count: int, seed: int) -> AssaultResult:
    """Send a running bot many updates, then ask it a question."""
    maker, ear, start = Maker(seed), _Ear(), time.monotonic()
    logging.getLogger().addHandler(ear)
    for user in _COLLEAGUES:
        state.add(Person(user, "staff", "A"), ADMIN)
    people = {person.user_id for person in state.people()}
    try:
        for sent in range(0, count, 1000):
            last = 0
            for _ in range(min(1000, count - sent)):
                last = api.push(**maker.update())
            await asyncio.to_thread(api.wait, lambda last=last: api.confirmed > last, 60)
        api.say(QUESTION, STAFF)
        last = await asyncio.to_thread(api.wait_sent, 1, "sendMessage", STAFF)
        (accepted,) = state.database.connection.execute("SELECT count(*) FROM updates").fetchone()
    finally:
        logging.getLogger().removeHandler(ear)
    staff = {*_COLLEAGUES, STAFF, ADMIN, GROUP}
    others = [call for call in api.sent() + api.sent("sendDocument") if call.parameters["chat_id"] not in staff]
    texts = [json.dumps(call.parameters, ensure_ascii=False) for call in others]
    return AssaultResult(
        updates=count,
        kinds=dict(sorted(maker.kinds.items())),
        seconds=round(time.monotonic() - start, 1),
        accepted=accepted,
        incidents=dict(ear.incidents),
        tracebacks=list(ear.tracebacks.values()),
        outside=ear.outside,
        told=dict(Counter(call.parameters["chat_id"] for call in others)),
        leaked=[text for text in texts if any(secret in text for secret in SECRETS)],
        people=sorted({person.user_id for person in state.people()} ^ people),
        answered_after="70 người" in last[-1].parameters["text"],
    )


async def main(count: int, seed: int) -> AssaultResult:
    """A bot of its own, and the updates."""
    with tempfile.TemporaryDirectory() as folder, BotApi() as api:
        api.inline = True
        config = settings_for(api, home_in(Path(folder)), Path(folder)).model_copy(update={"inline": True})
        async with running(config) as state:
            return await assault(api, state, count, seed)


if __name__ == "__main__":
    outcome = asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20261122))
    print(json.dumps(vars(outcome), indent=2, ensure_ascii=False))
