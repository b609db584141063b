"""
The Watch: whether the server still answers getUpdates, and with what.

PTB's loop tries for ever and tells nobody; a program that is told nothing new cannot tell silence from a quiet day.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import Conflict, TelegramError
from telegram.request import HTTPXRequest

from bot.errors import OtherInstance, Silence, TokenRefused

_LOGGER = logging.getLogger(__name__)
_CONFLICTS = 3  # in a row: after a restart the poll of the process before may still be open once


class Watch:
    """What the last calls of getUpdates met."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answered = now()
        self._conflicts = 0
        self._refused = False

    def saw(self, status: int) -> None:
        """One call was answered."""
        if status == HTTPStatus.OK:
            self._answered, self._conflicts = self._now(), 0
        self._refused = status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}

    def failed(self, error: TelegramError) -> None:
        """PTB's callback for a call that failed."""
        self._conflicts += isinstance(error, Conflict)

    def check(self, silence: float) -> None:
        """
        Raises when polling will not recover by itself.

        Raises:
            TokenRefused, OtherInstance: the server says so.
            Silence: no call was answered for `silence` seconds.
        """
        if self._refused:
            raise TokenRefused("the server must know the token, it no longer does: renew TRICHDAN_TOKEN at @BotFather")
        if self._conflicts >= _CONFLICTS:
            raise OtherInstance(
                "one process polls with a token at a time, another one does (409): stop it, or use another token"
            )
        quiet = self._now() - self._answered
        if quiet > silence:
            raise Silence(
                f"getUpdates must be answered within {silence:g} s, nothing came for {quiet:.0f} s: "
                "ended so that the service manager starts anew; check the network"
            )


class WatchedRequest(HTTPXRequest):
    """The request for getUpdates, of which a Watch hears."""

    def __init__(self, watch: Watch, connections: int, *, seconds: float, httpx_kwargs: dict[str, Any]) -> None:
        super().__init__(
            connections,
            connect_timeout=seconds,
            read_timeout=seconds,
            write_timeout=seconds,
            httpx_kwargs=httpx_kwargs,
        )
        self._watch = watch

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the types are PTB's
        """Passes the request on and notes the status of its answer."""
        status, body = await super().do_request(*args, **kwargs)
        self._watch.saw(status)
        return status, readable(body) if status == HTTPStatus.OK else body


def readable(body: bytes) -> bytes:
    """
    An answer of getUpdates in which each update that PTB cannot read is emptied, all but its id.

    PTB reads all or none: one update of a form it does not know (a newer Bot API, say) would be fetched again at once
    and for ever, and nobody be answered. An empty update is confirmed and heard by nobody.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    updates = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(updates, list):
        return body
    known = [each for each in updates if isinstance(each, dict) and isinstance(each.get("update_id"), int)]
    kept = [each if _parses(each) else {"update_id": each["update_id"]} for each in known]
    return body if kept == updates else json.dumps({**answer, "result": kept}).encode()


def _parses(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001 - whatever PTB raises there, it would raise in its loop
        _LOGGER.error("update %d cannot be read (%s): not answered", update["update_id"], type(error).__name__)  # noqa: TRY400 - a traceback may hold its text
        return False
    return True
