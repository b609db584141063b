"""
Windows: sentence-aligned slices of a passage, the unit that the encoder reads.

A long paragraph says several things, and a single vector for all of it would lie between them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.language.sentence import split_sentences

SYLLABLES = 60
LONGEST = 240  # syllables; a "sentence" above it (a table, a list without stops) would be cut off by the encoder
_SYLLABLE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Window:
    """Offsets into the passage's text: ``passage.text[start:end]``."""

    start: int
    end: int
    length: int  # in syllables (words between white space)


def split_windows(text: str, *, syllables: int = SYLLABLES) -> tuple[Window, ...]:
    """
    Split a text into overlapping windows of whole sentences.

    Each has at most `syllables` (a single sentence may have more) and overlaps the next by about half. If there are
    several, the whole text follows as one more.
    """
    sentences = list(_sentences(text))
    windows = tuple(_packed(sentences, syllables, overlapping=True))
    return (*windows, *([_joined(sentences)] if len(windows) > 1 else []))


def split_pieces(text: str) -> tuple[Window, ...]:
    """Split a text into the fewest encoder-sized pieces of whole sentences, without overlap."""
    return tuple(_packed(list(_sentences(text)), LONGEST, overlapping=False))


def _packed(sentences: list[Window], syllables: int, *, overlapping: bool) -> Iterator[Window]:
    """
    Join neighbouring sentences while they fit.

    The next window starts half a window on, or after it.
    """
    first = 0
    while first < len(sentences):
        last = _last_that_fits(sentences, first, syllables)
        yield _joined(sentences[first : last + 1])
        if last == len(sentences) - 1:
            return
        first = first + max(1, (last - first + 2) // 2) if overlapping else last + 1


def _sentences(text: str) -> Iterator[Window]:
    """The sentences of a text, overlong ones cut between words."""
    for sentence in split_sentences(text):
        words = list(_SYLLABLE.finditer(text, sentence.start, sentence.end))
        for i in range(0, len(words), LONGEST):
            piece = words[i : i + LONGEST]
            yield Window(piece[0].start(), piece[-1].end(), len(piece))


def _last_that_fits(sentences: list[Window], first: int, syllables: int) -> int:
    total, last = sentences[first].length, first
    while last + 1 < len(sentences) and total + sentences[last + 1].length <= syllables:
        last += 1
        total += sentences[last].length
    return last


def _joined(sentences: list[Window]) -> Window:
    return Window(sentences[0].start, sentences[-1].end, sum(s.length for s in sentences))
