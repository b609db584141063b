"""
An excerpt of a very long paragraph, around the sentence that answers.
"""

from __future__ import annotations

from retrieval.language.sentence import split_sentences

_LONGEST = 3000  # characters that are shown whole
_AROUND = 1000  # characters before and after the answering sentence


def excerpt(text: str, highlight: tuple[int, int]) -> tuple[int, int]:
    """
    The shown span (start, end) of a text: around the highlight, if not all.

    It begins and ends at sentences, or at words where a sentence is too long.
    """
    if len(text) <= _LONGEST:
        return 0, len(text)
    first = max(0, highlight[0] - _AROUND)
    last = min(len(text), max(highlight[1], highlight[0] + 1) + _AROUND)
    if last - first > 2 * _LONGEST:  # the sentence itself is too long
        last = first + 2 * _LONGEST
    start = min((s.start for s in split_sentences(text[first:last])[1:]), default=0) if first else 0
    if first and first + start > highlight[0]:
        start = text.find(" ", first) + 1 - first
    end = max((s.end for s in split_sentences(text[first:last])[:-1]), default=0) if last < len(text) else last - first
    if first + end < min(highlight[1], last) or not end:
        end = max(text.rfind(" ", first, last) - first, 1)
    return first + start, first + end
