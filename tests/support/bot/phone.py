"""
How much of a phone a message takes: 28 lines of 38 characters, a row of buttons two of them.

Telegram: an expandable quotation is "collapsed by default to 3 lines"; a quotation's bar takes two characters.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from tests.support.bot.markup import Parsed, parse

SCREEN = 28  # lines
WIDTH, QUOTED_WIDTH = 38, 36  # characters
FOLDED = 3  # lines
ROW = 2  # lines of a row of buttons


@dataclass(frozen=True)
class Phone:
    """A message as a phone shows it before anybody taps: its lines, and the text that they hold."""

    lines: int
    visible: str


def on_phone(markup: str, keyboard: dict[str, Any] | None = None) -> Phone:
    """A message and its keyboard on a phone."""
    seen = [line for folded, width, text in _stretches(parse(markup)) for line in _lines(text, width, folded=folded)]
    rows = (keyboard or {}).get("inline_keyboard", [])
    return Phone(len(seen) + ROW * len(rows), " ".join(" ".join(seen).split()))


def _stretches(parsed: Parsed) -> list[tuple[bool, int, str]]:
    """The text in stretches: whether it is folded, its width, and its words."""
    units = parsed.text.encode("utf-16-le")

    def words(start: int, end: int) -> str:
        return units[2 * start : 2 * end].decode("utf-16-le").strip("\n")

    found, place = [], 0
    quotes = sorted((o, n, kind) for kind, o, n in parsed.entities if kind.endswith("BlockQuote"))
    for offset, length, kind in quotes:
        found += [(False, WIDTH, words(place, offset))] if words(place, offset) else []
        found.append((kind == "ExpandableBlockQuote", QUOTED_WIDTH, words(offset, offset + length)))
        place = offset + length
    rest = words(place, len(units) // 2)
    return [*found, (False, WIDTH, rest)] if rest else found


def _lines(text: str, width: int, *, folded: bool) -> list[str]:
    """The lines of a stretch, an empty one where it has an empty line."""
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]]
    return lines[:FOLDED] if folded else lines
