"""
The words of passages as numbers, with the ends of their sentences.

Stored with a passage, so that a question finds its own words without splitting the text again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.index.scoring.forward_index import term_number
from retrieval.language.analyzer import WORD
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import folded_key

Hit = tuple[int, int, str]  # the position of a word, its sentence, its key


@dataclass(frozen=True, slots=True)
class PassageWords:
    """
    The words of a passage, in order.

    `numbers` is (words,) uint32, of their folded keys; `ends` (sentences,) uint32, behind which word each sentence
    ends.
    """

    numbers: NDArray[np.uint32]
    ends: NDArray[np.uint32]


@lru_cache(maxsize=4096)  # the same paragraphs and headings keep coming up
def passage_words(text: str) -> PassageWords:
    """The words of a text, where they are not stored."""
    numbers = [term_number(folded_key(word)) for word in WORD.findall(text)]
    return PassageWords(np.array(numbers, "<u4"), sentence_ends(text))


def sentence_ends(text: str) -> NDArray[np.uint32]:
    """Behind which word each sentence ends, (sentences,) uint32."""
    counts = (len(WORD.findall(text, sentence.start, sentence.end)) for sentence in split_sentences(text))
    return np.array([*accumulate(counts)], "<u4")


def find_words(passages: Sequence[PassageWords], keys: Iterable[str]) -> list[list[Hit]]:
    """
    Where words stand in each of the passages, in reading order.

    Args:
        keys: the folded keys of the words.
    """
    hits: list[list[Hit]] = [[] for _ in passages]
    wanted = {term_number(key): key for key in keys}
    starts = np.cumsum([0, *(len(passage.numbers) for passage in passages)])
    if not wanted or not starts[-1]:
        return hits
    numbers = np.concatenate([passage.numbers for passage in passages])
    # Few words of a passage are the question's: the lower half of each number rules out nearly all others at once.
    table = np.zeros(1 << 16, np.bool_)
    table[[number & 0xFFFF for number in wanted]] = True
    met = np.flatnonzero(table.take(numbers.view(np.uint16)[::2]))
    owners = np.searchsorted(starts, met, "right") - 1
    ends = np.concatenate([passage.ends + start for passage, start in zip(passages, starts, strict=False)])
    firsts = np.cumsum([0, *(len(passage.ends) for passage in passages)])
    sentences = np.searchsorted(ends, met, "right") - firsts[owners]
    places = met - starts[owners]
    found = zip(owners.tolist(), places.tolist(), sentences.tolist(), numbers[met].tolist(), strict=True)
    for owner, place, sentence, number in found:
        if key := wanted.get(number):
            hits[owner].append((place, sentence, key))
    return hits
