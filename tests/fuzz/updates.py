"""
The target `update`: what a Bot API server answers to a poll, or delivers to the webhook.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from telegram import Bot, Update

from bot.storage.opening import open_state
from bot.storage.state import BotState
from bot.transport.inbox import Inbox
from bot.transport.sanitizer import sanitize_update, sanitize_updates
from tests.support.bot.hostile_crowd import HostileCrowd
from tests.support.bot.hostile_updates import Maker

_ORIGINALS = 300
_SPOILT = (None, True, -1, 2**63, 1e308, "", "\ud800", "\u0000", "x" * 5000, [], {}, [[]], {"id": "x"})


class UpdateCheck:
    """Takes a response as polling does, and what is in it one by one as the webhook does."""

    @cached_property
    def _state(self) -> BotState:
        return open_state(Path(tempfile.mkdtemp(prefix="trichdan-fuzz-")) / "state.sqlite")

    @cached_property
    def _inbox(self) -> Inbox:
        logging.disable(logging.CRITICAL)  # what cannot be read is logged, thousands of times a second
        return Inbox(self._state, inline=True)

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()

    def __call__(self, data: bytes) -> None:
        """Whatever comes, PTB can parse what is left of it, and the inbox takes it or leaves it."""
        for update in _parsed(sanitize_updates(data)):
            self._take(update)
        single = sanitize_update(data)
        if single is not None:
            self._take(single)

    def _take(self, update: dict[str, Any]) -> None:
        self._loop.run_until_complete(self._inbox.put(Update.de_json(update, None)))
        self._loop.run_until_complete(self._inbox.recall(cast("Bot", None)))  # as after a restart
        while not self._inbox.empty():
            self._inbox.get_nowait()
        for update_id, _ in self._state.pending():
            self._state.mark_answered(update_id)


def update_originals() -> list[bytes]:
    """Responses of three updates, half of them well formed and half of them not."""
    crowd, maker = HostileCrowd(1), Maker(1)
    updates = [
        {"update_id": number, **(crowd.update(number) if number % 2 else maker.update())}
        for number in range(3 * _ORIGINALS)
    ]
    return [
        json.dumps({"ok": True, "result": updates[start : start + 3]}).encode() for start in range(0, len(updates), 3)
    ]


def change_update(data: bytes, chance: random.Random) -> bytes:
    """The same response with a value replaced, copied from elsewhere, or gone."""
    try:
        response = json.loads(data)
    except ValueError:
        return data[: chance.randrange(len(data) + 1)]
    places = list(_places(response))
    if not places:
        return data
    holder, key = chance.choice(places)
    if chance.random() < 0.2:
        del holder[key]
    else:
        other, its = chance.choice(places)
        holder[key] = other[its] if chance.random() < 0.4 and _has(other, its) else chance.choice(_SPOILT)
    try:
        return json.dumps(response).encode()
    except (ValueError, RecursionError):  # copied into itself
        return data


def _places(node: Any) -> Any:
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _parsed(body: bytes) -> list[dict[str, Any]]:
    """The updates of a response, as PTB reads them."""
    try:
        response = json.loads(body)
    except (ValueError, RecursionError):
        return []  # PTB asks again, and says so
    updates = response.get("result") if isinstance(response, dict) else None
    return updates if isinstance(updates, list) else []
