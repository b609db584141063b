"""
Footnotes of plain text: notes at the end and the markers that refer to them.

Numbered paragraphs look alike; a note stands last and is referred to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.reading.text.characters import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.text.lines import Line

_SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_NOTE = re.compile(r"^(?:[\[(](?P<a>\d{1,2}|\*{1,3})[\])]|(?P<b>\d{1,2}|\*{1,3})(?P<dot>\.)?(?:\s*[-–—:]|(?=\s)))\s*\S")
_SMALL_NOTE = re.compile(r"^([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})\s*\S")
_REFERENCE = re.compile(
    rf"(?<!\b[mdckh])(?<!\b[mdck]m)(?<=[{SMALL[1:-1]}”\"’)])(?:(?P<a>\d{{1,2}}|\*{{1,3}})"
    rf"|[\[(](?P<b>\d{{1,2}}|\*{{1,3}})[\])])(?=[\s.,;:!?…)”\"’]|$)"
    r"|\s?\[(?P<c>\d{1,2})\]|(?<!\b[mdckh])(?<!\b[mdck]m)(?P<d>[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})"
)
_SMALL_REFERENCE = re.compile(r"(?<=[^\W\d_])[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2}")
_RULE = re.compile(r"_{3,}|-{5,}|—{3,}|\*{5,}")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote and its marker; superscripts as digits."""

    marker: str
    line: Line


def footnotes_at_end(text: str, lines: Sequence[Line]) -> list[Footnote]:
    """The footnotes at the end: numbered upwards, the first one referred to."""
    notes: list[Footnote] = []
    for line in reversed(lines):
        marker = _marker_of(line.text)
        if not marker or (notes and not _precedes(marker, notes[0].marker)):
            break
        notes.insert(0, Footnote(marker, line))
    rest = lines[: len(lines) - len(notes)]
    if not notes or not rest:
        return []
    referred = {marker for line in rest for marker in references_in(line.text)}
    ruled = _RULE.search(text, rest[-1].end, notes[0].line.start) is not None
    dotted = re.match(r"\d+[.\s]", notes[0].line.text) is not None and " - " not in notes[0].line.text[:6]
    # "1 Trừ ngày lễ." may be a list item, unless the text has ¹ for each such line.
    small = {marker.translate(_SUPERSCRIPTS) for line in rest for marker in _SMALL_REFERENCE.findall(line.text)}
    sure = (
        ruled or not dotted or all(note.marker in small and note.line.text[len(note.marker)] != "." for note in notes)
    )
    return notes if notes[0].marker in referred and sure else []


def references_in(text: str) -> tuple[str, ...]:
    """
    The footnote markers in a paragraph, in order.

    Example: "quan trọng1; trước đây2." -> ("1", "2")
    """
    found = (match["a"] or match["b"] or match["c"] or match["d"] for match in _REFERENCE.finditer(text))
    return tuple(dict.fromkeys(marker.translate(_SUPERSCRIPTS) for marker in found))


def _marker_of(text: str) -> str:
    small = _SMALL_NOTE.match(text)
    if small:
        return small[1].translate(_SUPERSCRIPTS)
    note = _NOTE.match(text)
    return (note["a"] or note["b"]) if note else ""


def _precedes(marker: str, following: str) -> bool:
    if marker.isdigit() and following.isdigit():
        return int(marker) + 1 == int(following)
    return marker == following[:-1]
