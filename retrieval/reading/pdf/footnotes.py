"""
Footnotes at the feet of a PDF's pages, which would stand in the middle of a sentence that goes on overleaf.

Only what is surely one is taken out: set smaller than the text, the last on its page, opening with a number that the
page has raised in its text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.pdf.lines import PdfLine

_SMALLER = 0.93  # of the size of most letters, at most
_MARKER = re.compile(r"(?P<number>\d{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})(?:\s+|(?=[^\W\d_]))(?=\S)")
_SMALL = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}")


@dataclass(frozen=True, slots=True)
class PdfFootnote:
    """A footnote: its number, and its lines without it."""

    marker: str
    lines: tuple[PdfLine, ...]

    @property
    def page(self) -> int:
        """From 1."""
        return self.lines[0].page


@dataclass(frozen=True, slots=True)
class FootnoteSplit:
    """The lines of the text, the notes in the order of their pages, and lines of notes whose numbers are not theirs."""

    text: list[PdfLine]
    notes: list[PdfFootnote]
    unclear: list[PdfLine]


def split_footnotes(lines: Sequence[PdfLine]) -> FootnoteSplit:
    """The text and its notes; where numbers begin anew on another page, no note can be told from its number."""
    if not lines:
        return FootnoteSplit([], [], [])
    sizes: Counter[float] = Counter()
    pages: dict[int, list[PdfLine]] = defaultdict(list)
    for line in lines:
        sizes[line.size] += len(line.text)
        pages[line.page].append(line)
    small = _SMALLER * sizes.most_common(1)[0][0]
    notes = [note for page in pages.values() for note in _notes(page, small)]
    taken = {id(line) for note in notes for line in note.lines}
    counts = Counter(note.marker for note in notes)
    return FootnoteSplit(
        text=[line for line in lines if id(line) not in taken],
        notes=[_bare(note) for note in notes if counts[note.marker] == 1],
        unclear=[line for note in notes if counts[note.marker] > 1 for line in note.lines],
    )


def _notes(page: Sequence[PdfLine], small: float) -> list[PdfFootnote]:
    """The notes of a page, the number still before their words."""
    upwards = sorted(page, key=lambda line: line.baseline)
    feet = list(takewhile(lambda line: line.size <= small, upwards))[::-1]
    above = " ".join(line.text for line in upwards[len(feet) :])
    raised = {mark.translate(_SMALL) for mark in _RAISED.findall(above)}
    notes: list[PdfFootnote] = []
    for line in feet:
        marker = _marker_of(line)
        opens = marker in raised and (not notes or marker == str(int(notes[-1].marker) + 1))
        if opens:
            notes.append(PdfFootnote(marker, (line,)))
        elif notes:
            notes[-1] = PdfFootnote(notes[-1].marker, (*notes[-1].lines, line))
    return notes


def _marker_of(line: PdfLine) -> str:
    found = _MARKER.match(line.text)
    return found["number"].translate(_SMALL) if found else ""


def _bare(note: PdfFootnote) -> PdfFootnote:
    first = note.lines[0]
    return PdfFootnote(note.marker, (replace(first, text=_MARKER.sub("", first.text, count=1)), *note.lines[1:]))
