"""
Telegram's HTML as Telegram reads it: TDLib's own parser, offline (`td_execute`, `parseTextEntities`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import tdjson

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


# TDLib's names of entities, and the Bot API's.
_NAMES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Code": "code",
    "Pre": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
}


class MarkupError(Exception):
    """The server would refuse the message; the text is the server's."""


@dataclass(frozen=True)
class Parsed:
    """What a reader sees, and the entities over it: (type, offset, length) in UTF-16 units."""

    text: str
    entities: list[tuple[str, int, int]]

    def covered(self, kind: str) -> list[str]:
        """The words under each entity of a type."""
        units = self.text.encode("utf-16-le")
        found = [(offset, length) for name, offset, length in self.entities if name == kind]
        return [units[2 * offset : 2 * (offset + length)].decode("utf-16-le") for offset, length in found]


def content(text: str, *, html: bool) -> dict[str, Any]:
    """A message's text as the Bot API gives it to a bot: the words, and the entities over them."""
    if not html:
        return {"text": text}
    parsed = parse(text)
    entities = [{"type": _NAMES[kind], "offset": o, "length": n} for kind, o, n in parsed.entities if kind in _NAMES]
    return {"text": parsed.text, "entities": entities}


def parse(markup: str) -> Parsed:
    """A message's markup, parsed."""
    request = {"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()))
    if answer["@type"] == "error":
        raise MarkupError(answer["message"])
    entities = [
        (e["type"]["@type"].removeprefix("textEntityType"), e["offset"], e["length"]) for e in answer["entities"]
    ]
    return Parsed(answer["text"], entities)
