"""
Empty the updates that PTB cannot parse.

PTB parses a whole response or nothing: one update in an unknown form (of a newer Bot API, say) would be fetched again
for ever, and nobody answered. Emptied of all but its id, it is confirmed and reaches no handler.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

from telegram import Update

_LOGGER = logging.getLogger(__name__)
_DEEPEST = 100  # nesting levels; real updates have about twenty, Python's parser stops near a thousand
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_ID = re.compile(rb'\{\s*"update_id"\s*:\s*(\d{1,18})\s*[,}]')
_RESULT = 2  # levels above an update in the response


def sanitize_updates(body: bytes) -> bytes:
    """A getUpdates response in which updates that PTB cannot parse are emptied."""
    if _depth(body) > _DEEPEST:
        spans = list(_spans(body, _RESULT))
        kept = [update for span in spans if (update := sanitize_update(span)) is not None]
        return json.dumps({"ok": True, "result": kept}).encode()
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    updates = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(updates, list):
        return body
    kept = [each for update in updates if (each := _sanitized(update)) is not None]
    return body if kept == updates else json.dumps({**answer, "result": kept}).encode()


def sanitize_update(body: bytes) -> dict[str, Any] | None:
    """One update, emptied if PTB cannot parse it; None without a valid id."""
    if _depth(body) > _DEEPEST:
        found = _ID.match(body.strip())
        if found is None:
            return None
        _LOGGER.error("update %d is nested deeper than %d levels: not answered", int(found[1]), _DEEPEST)
        return {"update_id": int(found[1])}
    try:
        return _sanitized(json.loads(body))
    except ValueError:
        return None


def _sanitized(update: object) -> dict[str, Any] | None:
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return None
    try:
        update = _encodable(update)
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001 - PTB would raise the same in its loop
        _LOGGER.error("update %d cannot be read (%s): not answered", update["update_id"], type(error).__name__)  # noqa: TRY400 - a traceback may hold its text
        return {"update_id": update["update_id"]}
    return update


def _encodable(update: dict[str, Any]) -> dict[str, Any]:
    """Replace lone surrogates, which JSON can spell but UTF-8 cannot encode, by "?"."""
    text = json.dumps(update, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return dict(json.loads(text.encode("utf-8", "replace")))
    return update


def _depth(body: bytes) -> int:
    """The depth of brackets outside strings; 0 if their number alone rules out deep nesting."""
    if body.count(b"{") + body.count(b"[") <= _DEEPEST:
        return 0
    return max((depth for _, depth in _brackets(body)), default=0)


def _spans(body: bytes, level: int) -> Iterator[bytes]:
    """Yield the objects that are `level` levels below the outermost bracket."""
    start = 0
    for place, depth in _brackets(body):
        if depth == level + 1 and body[place : place + 1] == b"{":
            start = place
        elif depth == level and body[place : place + 1] == b"}":
            yield body[start : place + 1]


def _brackets(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield each bracket outside strings: its position, and the depth after it."""
    depth = 0
    for found in _TOKEN.finditer(body):
        mark = found[0]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        else:
            continue
        yield found.start(), depth
