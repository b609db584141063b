"""
Take one person's words out of a stored update, also where a colleague quotes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

_SAID = ("text", "caption", "entities", "caption_entities", "poll", "contact")


def without_words(payload: str, user_id: int) -> str | None:
    """
    A stored update without the words of a person.

    None if it is that person's own, and goes as a whole.
    """
    update = json.loads(payload)
    if any(_is_by(update.get(kind), user_id) for kind in ("message", "edited_message", "callback_query")):
        return None
    for each in list(_objects(update)):
        if _is_by(each, user_id) or _is_by(each.get("forward_origin"), user_id, "sender_user"):
            for name in _SAID:
                each.pop(name, None)
        if _is_by(each.get("reply_to_message"), user_id):
            each.pop("quote", None)  # Bot API, "Message": the part of the message that is replied to
    return json.dumps(update)


def _objects(node: object) -> Iterator[dict[str, object]]:
    """Every object of an update, at whatever depth."""
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _objects(each)


def _is_by(node: object, user_id: int, role: str = "from") -> bool:
    """Whether a person has a role in an object."""
    person = node.get(role) if isinstance(node, dict) else None
    return isinstance(person, dict) and person.get("id") == user_id
