"""
The words of passages as numbers, with the ends of their sentences.

Stored with a passage, so that a question finds its own words without splitting the text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.index.scoring.forward_index import possible_places, term_number
from retrieval.language.analyzer import WORD
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import folded_key


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


@dataclass(frozen=True, slots=True)
class WordHits:
    """
    Where some words stand in passages, in reading order; each (hits,) int64.

    `keys` are numbers of the words that were looked for, `places` positions within the passage; `sentences` are counted
    through all passages.
    """

    passages: NDArray[np.int64]
    places: NDArray[np.int64]
    sentences: NDArray[np.int64]
    keys: NDArray[np.int64]

    def chosen(self, which: NDArray[np.bool_] | slice) -> WordHits:
        """Some of the hits."""
        return WordHits(self.passages[which], self.places[which], self.sentences[which], self.keys[which])


def find_words(passages: Sequence[PassageWords], keys: Sequence[str]) -> WordHits:
    """
    Find words in passages.

    Args:
        keys: the different folded keys of the words.
    """
    numbers = np.concatenate([np.empty(0, "<u4"), *(passage.numbers for passage in passages)])
    wanted = np.array([term_number(key) for key in keys], "<u4")
    met = possible_places(numbers, wanted.tolist())
    found, which = _places_in(wanted, numbers[met])
    met = met[found]
    starts = np.cumsum([0, *(len(passage.numbers) for passage in passages)])
    owners = np.searchsorted(starts, met, "right") - 1
    ends = [passage.ends + start for passage, start in zip(passages, starts.tolist(), strict=False)]
    sentences = np.searchsorted(np.concatenate([np.empty(0, np.int64), *ends]), met, "right")
    return WordHits(owners, met - starts[owners], sentences, which)


def _places_in(wanted: NDArray[np.uint32], numbers: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of the numbers are wanted, and of those their places among the wanted ones."""
    order = np.argsort(wanted, kind="stable")
    ordered = wanted[order]
    near = np.minimum(np.searchsorted(ordered, numbers), max(len(wanted) - 1, 0))
    if not len(wanted):
        return np.zeros(len(numbers), np.bool_), near
    found = ordered[near] == numbers
    return found, order[near[found]]
