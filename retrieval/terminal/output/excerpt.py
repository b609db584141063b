"""
An excerpt of a long paragraph: the sentence that answers, and whole sentences around it.
"""

from __future__ import annotations

from bisect import bisect_right

from retrieval.language.sentence import split_sentences

LONGEST = 900  # characters that are shown whole: about what is read at a glance on a terminal
_SHOWN = 600  # characters of an excerpt


def excerpt(text: str, highlight: tuple[int, int]) -> tuple[int, int]:
    """
    The shown span (start, end) of a text: around the highlight, if not all.

    It begins and ends at sentences, or at words where the answering sentence is too long.
    """
    if len(text) <= LONGEST:
        return 0, len(text)
    sentences = split_sentences(text)
    if not sentences:
        return _words_around(text, highlight)
    first = last = max(0, bisect_right([sentence.start for sentence in sentences], highlight[0]) - 1)
    if max(sentences[last].end, highlight[1]) - sentences[first].start > LONGEST:
        return _words_around(text, highlight)
    while sentences[last].end < highlight[1] and last + 1 < len(sentences):
        if sentences[last + 1].end - sentences[first].start > LONGEST:
            break
        last += 1
    grows = True
    while grows:
        grows = False
        if last + 1 < len(sentences) and sentences[last + 1].end - sentences[first].start <= _SHOWN:
            last, grows = last + 1, True
        if first and sentences[last].end - sentences[first - 1].start <= _SHOWN:
            first, grows = first - 1, True
    # What is left out must be worth a mark.
    return sentences[first].start if first else 0, sentences[last].end if last + 1 < len(sentences) else len(text)


def _words_around(text: str, highlight: tuple[int, int]) -> tuple[int, int]:
    """The first words of the highlight, and some before them."""
    first = max(0, highlight[0] - (LONGEST - _SHOWN) // 2)
    last = min(len(text), first + _SHOWN)
    start = text.find(" ", first, last) + 1 if first else 0
    end = text.rfind(" ", first, last) if last < len(text) else last
    return (start or first), (end if end > (start or first) else last)
