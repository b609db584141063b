"""
Locate a paragraph on a PDF's pages: find its lines by their text.

The index stores no coordinates and needs none: the reader's own lines are compared with the paragraph character by
character, ignoring the white space and hyphens that joining lines changes. Only a unique match counts: the same words
may also stand in a footnote or a table cell.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from retrieval.reading.pdf.characters import HYPHEN
from retrieval.reading.pdf.running_heads import is_at_edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.pdf.lines import PdfLine

_Match = tuple[int, "_Match"] | None  # linked list of line indexes, first line first


def locate_text(words: str, lines: Sequence[PdfLine]) -> tuple[int, ...]:
    """
    The indexes of the lines that make up the text, in order.

    () if there is no match or more than one.     `lines` are those of whole pages as the reader finds them. Running
    heads, which it leaves out, may stand between.
    """
    wanted = _letters(words)
    if not wanted:
        return ()
    letters = [_letters(line.text) for line in lines]
    if _occurs_twice(wanted, "".join(letters)):
        return ()
    ways = _matches(wanted, letters, [not own or is_at_edge(line) for own, line in zip(letters, lines, strict=True)])
    return _indexes(ways[0]) if len(ways) == 1 else ()


def _occurs_twice(wanted: str, text: str) -> bool:
    first = text.find(wanted)
    return first >= 0 and text.find(wanted, first + 1) >= 0


def _matches(wanted: str, lines: Sequence[str], passable: Sequence[bool]) -> list[_Match]:
    """
    At most two ways to make up `wanted`, from the last line upwards.

    `begun[done]` holds the continuations from the line below once `done` characters are matched.
    """
    whole: list[_Match] = []
    begun: dict[int, list[_Match]] = {}
    for place in range(len(lines) - 1, -1, -1):
        here: dict[int, list[_Match]] = {}
        for done in _ends(wanted, lines[place]):
            end = done + len(lines[place])
            rest = [None] if end == len(wanted) else begun.get(end, [])
            here[done] = [(place, way) for way in rest]
        whole = [*whole, *here.get(0, [])][:2]
        passed = begun if passable[place] else {}
        begun = {
            done: [*here.get(done, []), *passed.get(done, [])][:2] for done in here.keys() | passed.keys() if done > 0
        }
    return whole


def _ends(wanted: str, line: str) -> list[int]:
    """The offsets in `wanted` at which a line occurs."""
    found: list[int] = []
    start = wanted.find(line) if line else -1
    while start >= 0:
        found.append(start)
        start = wanted.find(line, start + 1)
    return found


def _indexes(way: _Match) -> tuple[int, ...]:
    places: list[int] = []
    while way is not None:
        place, way = way
        places.append(place)
    return tuple(places)


def _letters(words: str) -> str:
    """The text without white space and hyphens, NFC."""
    bare = "".join(char for char in words if not char.isspace() and char not in ("-", HYPHEN))
    return unicodedata.normalize("NFC", bare)
