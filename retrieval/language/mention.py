"""
Find known names in a question, whether or not their diacritics were typed.

A typed diacritic counts ("Áo" is not "ao"); a bare syllable may stand for any spelling. Names match whole words, longer
names take precedence, and mentions never overlap.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key, fold, folded_key, is_bare, nfc
from retrieval.language.syllable import is_syllable

# The separators inside a name: "Xu-đăng", "Xu đăng", "kinh tế - xã hội"; a comma only where the name has one:
# "an ninh, quốc phòng".
_JOINT = re.compile(r"[^\S\n]{1,3}|[^\S\n]?[-–&./][^\S\n]?")
_LISTED = re.compile(rf",?(?:{_JOINT.pattern})")


WordMatches = Sequence[re.Match[str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text, with every listed spelling that fits what was typed."""

    start: int
    end: int
    typed: str
    names: tuple[str, ...]


def agrees(typed: str, word: str) -> bool:
    """
    Whether a typed word may mean a word of a name.

    Typed diacritics count, missing ones do not.
    """
    return is_bare(typed) or exact_key(typed) == exact_key(word)


def is_shouted(text: str) -> bool:
    """Whether the whole question is in capitals, which then mean nothing."""
    return text.isupper() and sum(is_syllable(fold(word)) for word in WORD.findall(text)) >= 2


class MentionFinder:
    """Finds names by the keys of their words."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        key: Callable[[str], str] = folded_key,
        fits: Callable[[str, str], bool] = agrees,
    ) -> None:
        self._key = key
        self._fits = fits
        self._names: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in names:
            spelling = self._names[tuple(key(word) for word in WORD.findall(nfc(name)))]
            if name not in spelling:
                spelling.append(name)
        self._longest: dict[str, int] = {}  # longest name by first word: most words begin none
        for words in filter(None, self._names):
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def find(self, text: str, *, accept: Callable[[Mention], bool] = lambda _: True) -> list[Mention]:
        """The mentions in text order; a rejected one leaves its words to shorter names."""
        words = list(WORD.finditer(text))
        keys = tuple(self._key(word[0]) for word in words)
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, length = self._longest_at(text, words, keys, at, accept)
            found += [mention] if mention else []
            at += length
        return found

    def _longest_at(
        self, text: str, words: WordMatches, keys: tuple[str, ...], at: int, accept: Callable[[Mention], bool]
    ) -> tuple[Mention | None, int]:
        """The longest mention at a word, and the number of words to advance."""
        for length in range(min(self._longest.get(keys[at], 0), len(words) - at), 0, -1):
            names = self._names.get(keys[at : at + length], ())
            span = words[at : at + length]
            listed = any("," in name for name in names)
            if (
                names
                and joined(text, span, listed=listed)
                and (mention := self._mention(text, span, names))
                and accept(mention)
            ):
                return mention, length
        return None, 1

    def _mention(self, text: str, span: WordMatches, names: Sequence[str]) -> Mention | None:
        """The mention, with the names that agree with the typed diacritics."""
        start, end = span[0].start(), span[-1].end()
        fitting = tuple(name for name in names if self._fit(span, name))
        return Mention(start, end, text[start:end], fitting) if fitting else None

    def _fit(self, span: WordMatches, name: str) -> bool:
        """Whether each typed word fits its word of the name."""
        return all(self._fits(typed[0], word) for typed, word in zip(span, WORD.findall(nfc(name)), strict=True))


def joined(text: str, span: WordMatches, *, listed: bool = False) -> bool:
    """Whether only a name's separators stand between the words; `listed` allows commas."""
    joint = _LISTED if listed else _JOINT
    return all(joint.fullmatch(text[a.end() : b.start()]) for a, b in pairwise(span))
