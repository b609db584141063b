"""
Restore missing diacritics from the corpus's vocabulary.

A bare syllable may stand for any of its spellings; the most probable sequence under an interpolated bigram model, found
by Viterbi search, decides. Typed diacritics are never changed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.language.analyzer import WORD
from retrieval.language.span import replace_spans
from retrieval.language.spelling import fold, is_bare
from retrieval.language.syllable import is_syllable

_PAIR_WEIGHT = 0.9  # of the bigram against the unigram
# In nats. Whoever types diacritics elsewhere in a question seldom omits one, so changing a bare syllable then needs
# strong evidence from its neighbours; in a bare question it needs none.
_CHANGE_AMONG_ACCENTS = 6.0
_UNKNOWN = 1e-7  # probability of a syllable that is not in the vocabulary
_FOREIGN = 0.34  # a bare question is foreign from this share of tokens that are not Vietnamese syllables


class Spellings(Protocol):
    """Counts of accented forms, lower case, as the corpus writes them."""

    def of(self, folded: str) -> Mapping[str, int]:
        """Each spelling of a bare syllable -> how often it occurs."""

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """Each spelling of two neighbouring bare syllables -> how often it occurs."""

    @property
    def total(self) -> int:
        """How many syllables were counted."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """A text with its diacritics, and the changed tokens as (typed, restored), in order."""

    text: str
    changes: tuple[tuple[str, str], ...]


def restore(text: str, spellings: Spellings) -> Restoration:
    """
    The most probable accented reading of a text in NFC.

    Example, given a corpus about defence: "quan he quoc phong" -> "quan hệ quốc phòng"
    """
    words = list(WORD.finditer(text))
    tokens = [word[0] for word in words]
    if not tokens or looks_foreign(text):
        return Restoration(text, ())
    chosen = _best_path([token.lower() for token in tokens], _choices(tokens, spellings), spellings)
    understood = [_in_case_of(token, spelling) for token, spelling in zip(tokens, chosen, strict=True)]
    restored = replace_spans(text, ((*word.span(), form) for word, form in zip(words, understood, strict=True)))
    changes = tuple((token, form) for token, form in zip(tokens, understood, strict=True) if form != token)
    return Restoration(restored, changes)


def looks_foreign(text: str) -> bool:
    """
    Whether a text is in another language.

    It is if it is bare and many of its tokens are not Vietnamese syllables.

    Example: "Which UN mission was deployed?" -> True, "bo quoc phong" -> False
    """
    tokens = [token for token in WORD.findall(text) if not token.isdigit()]
    if not tokens or not all(is_bare(token) for token in tokens):
        return False
    # Abbreviations are not syllables either, but they are typed in capitals.
    strange = sum(not is_syllable(fold(token)) and not (token.isupper() and len(token) > 1) for token in tokens)
    return strange / len(tokens) >= _FOREIGN


def _choices(tokens: Sequence[str], spellings: Spellings) -> list[dict[str, float]]:
    """Each token's possible spellings in lower case, each with the cost of choosing it."""
    accented = any(not is_bare(token) for token in tokens)
    change = _CHANGE_AMONG_ACCENTS if accented else 0.0
    choices = []
    for i, token in enumerate(tokens):
        lowered = token.lower()
        found = {lowered: 0.0}
        acronym = len(token) > 1 and token.isupper() and not all(other.isupper() for other in tokens)
        if is_bare(token) and is_syllable(lowered) and not acronym:
            possible = _beside_neighbours(tokens, i, spellings) if accented else set(spellings.of(lowered))
            # Sorted, since the order of a set of strings differs between processes and ties go to the first.
            found |= {spelling: change for spelling in sorted(possible) if spelling != lowered}
        choices.append(found)
    return choices


def _beside_neighbours(tokens: Sequence[str], place: int, spellings: Spellings) -> set[str]:
    """
    The spellings of a bare token that the corpus has beside a neighbour as typed.

    In an accented question, a bare syllable unknown to the corpus is a word it lacks ("Hoa Kỳ"), not a forgotten mark.
    """
    typed = [token.lower() for token in tokens]
    found = set()
    if place > 0:
        pairs = spellings.of_pair(fold(typed[place - 1]), fold(typed[place]))
        found |= {second for first, second in pairs if first == typed[place - 1]}
    if place + 1 < len(typed):
        pairs = spellings.of_pair(fold(typed[place]), fold(typed[place + 1]))
        found |= {first for first, second in pairs if second == typed[place + 1]}
    return found


def _best_path(lowered: Sequence[str], choices: Sequence[Mapping[str, float]], spellings: Spellings) -> list[str]:
    """Viterbi search: the sequence of spellings with the least cost (negative log probability)."""
    unigrams = [spellings.of(fold(token)) for token in lowered]
    costs = {s: cost + _cost(unigrams[0].get(s, 0) / spellings.total) for s, cost in choices[0].items()}
    steps: list[dict[str, str]] = []
    for i in range(1, len(choices)):
        pairs = spellings.of_pair(fold(lowered[i - 1]), fold(lowered[i]))
        reached: dict[str, float] = {}
        came_from: dict[str, str] = {}
        for spelling, change in choices[i].items():
            alone = unigrams[i].get(spelling, 0) / spellings.total

            def through(previous: str, spelling: str = spelling, alone: float = alone) -> float:
                before = unigrams[i - 1].get(previous, 0)  # noqa: B023 - called within this round only
                together = pairs.get((previous, spelling), 0) / before if before else 0.0  # noqa: B023
                return costs[previous] + _cost(_PAIR_WEIGHT * together + (1 - _PAIR_WEIGHT) * alone)  # noqa: B023

            best = min(costs, key=through)
            reached[spelling], came_from[spelling] = through(best) + change, best
        costs = reached
        steps.append(came_from)
    path = [min(costs, key=lambda spelling: costs[spelling])]
    for came_from in reversed(steps):
        path.append(came_from[path[-1]])
    return path[::-1]


def _cost(probability: float) -> float:
    return -math.log(max(probability, _UNKNOWN))


def _in_case_of(typed: str, spelling: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return spelling.upper()
    return spelling.capitalize() if typed[0].isupper() else spelling
