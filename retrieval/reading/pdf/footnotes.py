"""
Footnotes at the foot of a PDF's pages, split from the text.

Left in place they would interrupt a sentence that continues overleaf. Only sure ones are split off: smaller than the
text, last on the page, and opening with a number that the page's text has as a superscript.
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

_SMALLER = 0.93  # largest size of footnotes, relative to the text
_MARKER = re.compile(r"(?P<number>\d{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})(?:\s+|(?=[^\W\d_]))(?=\S)")
_SMALL = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_RAISED = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}")


@dataclass(frozen=True, slots=True)
class PdfFootnote:
    """A footnote: its number and its lines without the number."""

    marker: str
    lines: tuple[PdfLine, ...]

    @property
    def page(self) -> int:
        """From 1."""
        return self.lines[0].page


@dataclass(frozen=True, slots=True)
class FootnoteSplit:
    """Text lines, footnotes in page order, and lines of footnotes with ambiguous numbers."""

    text: list[PdfLine]
    notes: list[PdfFootnote]
    unclear: list[PdfLine]


def split_footnotes(lines: Sequence[PdfLine]) -> FootnoteSplit:
    """Split footnotes from text; numbers that recur on several pages are ambiguous."""
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
    """The footnotes of a page, with their numbers still in the text."""
    upwards = sorted(page, key=lambda line: line.baseline)
    feet = list(takewhile(lambda line: line.size <= small and not line.columns, upwards))[::-1]
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
