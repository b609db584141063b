"""
The stretch of a passage that a cross-encoder reads: whole sentences that hold most of the question.

It was trained on such stretches of at most 90 syllables, and its time grows with their length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from retrieval.language.analyzer import WORD, with_pairs
from retrieval.language.sentence import split_sentences
from retrieval.language.spelling import folded_key

LONGEST = 90  # syllables
_OVERLAP = 20  # syllables, of the pieces of a longer sentence


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of a text, or a part of one that is too long, with its folded terms."""

    start: int
    end: int
    syllables: int
    terms: frozenset[str]


def best_stretch(text: str, weights: Mapping[str, float]) -> str:
    """
    The first of the stretches of `text` whose terms weigh most.

    `weights` has those of the question's folded terms, positive; each counts once.
    """
    pieces = _pieces(text)
    best, heaviest = (0, len(text)), -1.0
    for first, piece in enumerate(pieces):
        last = _last(pieces, first)
        terms = frozenset().union(*(each.terms for each in pieces[first : last + 1]))
        weight = sum(weight for term, weight in weights.items() if term in terms)
        if weight > heaviest:
            best, heaviest = (piece.start, pieces[last].end), weight
        if last == len(pieces) - 1:
            break
    return text[slice(*best)]


def _last(pieces: tuple[_Piece, ...], first: int) -> int:
    """The last piece of the stretch that begins with `first`."""
    last, syllables = first, pieces[first].syllables
    while last + 1 < len(pieces) and syllables + pieces[last + 1].syllables <= LONGEST:
        last += 1
        syllables += pieces[last].syllables
    return last


@lru_cache(maxsize=1024)  # the same passages keep coming up
def _pieces(text: str) -> tuple[_Piece, ...]:
    found = []
    for sentence in split_sentences(text):
        words = list(WORD.finditer(text, sentence.start, sentence.end))
        for first in range(0, max(1, len(words) - _OVERLAP), LONGEST - _OVERLAP) if len(words) > LONGEST else (0,):
            part = words[first : first + LONGEST]
            start = sentence.start if first == 0 else part[0].start()
            end = sentence.end if first + LONGEST >= len(words) else part[-1].end()
            keys = [folded_key(word[0]) for word in part]
            found.append(_Piece(start, end, len(part), frozenset((*keys, *with_pairs(keys)))))
    return tuple(found)
