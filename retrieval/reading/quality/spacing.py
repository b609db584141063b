"""
Broken spacing: words that a converter or OCR split or ran together.

Detected by syllables: "Đ iều" becomes one when joined, "Cộnghòa" when split. Vietnamese diacritics are required,
because foreign words and abbreviations split into syllables by chance.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("c", "ch", "p", "t")
_LETTER_SPACED = 3  # consecutive single letters; two may be "Ô Y", a name or a list
_LONGEST = 7  # letters of a syllable: "nghiêng"


def broken_words(text: str) -> int:
    """
    Count the words of a text that are split or run together.

    Example: "Đ iều 5 quy định", "Cộnghòa" -> 1 each, "C Ộ N G" -> 4
    """
    words = list(_WORD.finditer(text))
    spaced = set(_letter_spaced(text, words))
    halves = {place for place, pair in enumerate(pairwise(words)) if place not in spaced and _is_split(text, *pair)}
    joined = sum(_is_run_together(word[0]) for word in words)
    return len(spaced) + len(halves) + joined


def _letter_spaced(text: str, words: Sequence[re.Match[str]]) -> Iterator[int]:
    """The indexes of words in runs of single letters separated by spaces."""
    run: list[int] = []
    for place, word in enumerate(words):
        is_single = len(word[0]) == 1
        if run and not (is_single and text[words[place - 1].end() : word.start()].isspace()):
            yield from run if len(run) >= _LETTER_SPACED else ()
            run = []
        if is_single:
            run.append(place)
    yield from run if len(run) >= _LETTER_SPACED else ()


def _is_split(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two neighbours form one syllable, and are not two."""
    whole = first[0] + second[0]
    if whole.isascii() or len(whole) > _LONGEST or text[first.end() : second.start()] != " ":
        return False
    in_case = second[0].islower() or whole.isupper()
    return in_case and not (_is_one(first[0]) and _is_one(second[0])) and _is_one(whole) and _has_its_tone(whole)


def _is_run_together(word: str) -> bool:
    """Whether a word with diacritics is two or more syllables without spaces."""
    if word.isascii() or len(word) < 4 or len(word) > 200 or _is_one(word):
        return False
    reached = {0}
    for start in range(len(word)):
        if start in reached:
            reached |= {end for end in range(start + 1, start + _LONGEST + 1) if _is_one(word[start:end])}
    return len(word) in reached


def _has_its_tone(syllable: str) -> bool:
    """Whether tones fit: at most one, before a stop sắc or nặng (no "vàc")."""
    tones = [mark for mark in unicodedata.normalize("NFD", syllable) if mark in _TONES]
    return len(tones) <= 1 and (not fold(syllable).endswith(_STOPS) or tones in (["\u0301"], ["\u0323"]))


def _is_one(word: str) -> bool:
    return is_syllable(fold(word))
