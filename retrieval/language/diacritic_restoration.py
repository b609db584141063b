"""
Restore missing diacritics from the corpus's vocabulary.

A bare syllable may stand for any of its spellings; the most probable sequence under an interpolated bigram model, found
by Viterbi search, decides. Typed diacritics are never changed. Beside them a bare syllable may be meant as it stands:
how much speaks for that depends on how carefully the question was typed, which its other bare syllables tell.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.language.analyzer import WORD
from retrieval.language.span import replace_spans
from retrieval.language.spelling import fold, is_bare, nfc
from retrieval.language.syllable import is_syllable

_PAIR_WEIGHT = 0.9  # of the bigram against the unigram
_SLIP = math.exp(-6)  # share of the diacritics that a careful typist omits
_OMITTED = 0.5  # share that a careless one omits who types some
_CARELESS = 0.03  # share of careless ones among those who type some, before anything is known of the question
_UNSEEN_SHARE = 0.5  # of bare forms among the spellings of a syllable that the corpus hardly has
_PSEUDO_COUNT = 2.0  # of the wider share in a share of few occurrences
# Least share of a bare form among its spellings: any syllable may be foreign, and a capitalised one well may be.
_FOREIGN_WORD = 0.01
_FOREIGN_NAME = 0.3
_UNKNOWN = 1e-7  # probability of a syllable that is not in the vocabulary
_FOREIGN = 0.34  # a bare question is foreign from this share of tokens that are not Vietnamese syllables


class Spellings(Protocol):
    """Counts of accented forms, lower case, as the corpus writes them."""

    def prefetch(self, texts: Iterable[str]) -> None:
        """
        Fetch the counts of all syllables and pairs of these texts at once.

        Others may take a request each.
        """

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


def restore(text: str, spellings: Spellings, *, bare: bool = False) -> Restoration:
    """
    The most probable accented reading of a text in NFC.

    `bare`: it was typed without any diacritics, and those that it has were written for it ("ko" -> "không").

    Example, given a corpus about defence: "quan he quoc phong" -> "quan hệ quốc phòng"
    """
    words = list(WORD.finditer(text))
    tokens = [word[0] for word in words]
    if not tokens or looks_foreign(text):
        return Restoration(text, ())
    lowered = [token.lower() for token in tokens]
    bare = bare or is_bare(text)
    choices, unigrams = _choices(tokens, spellings, bare=bare), _unigrams(tokens, spellings, bare=bare)
    chosen = _best_path(lowered, choices, unigrams, spellings)
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


@dataclass(frozen=True, slots=True)
class _ChangeCosts:
    """What it costs to change a bare syllable, in nats."""

    beside: float  # to a spelling that the corpus has beside a neighbour as typed
    anywhere: float  # to any other spelling


def _choices(tokens: Sequence[str], spellings: Spellings, *, bare: bool) -> list[dict[str, float]]:
    """Each token's possible spellings in lower case, each with the cost of choosing it."""
    costs = _ChangeCosts(0.0, 0.0) if bare else _change_costs(tokens, spellings)
    choices = []
    for i, token in enumerate(tokens):
        lowered = token.lower()
        found = {lowered: 0.0}
        if _may_be_changed(token, tokens):
            beside = _beside_neighbours(tokens, i, spellings)
            # Sorted, since the order of a set of strings differs between processes and ties go to the first.
            for spelling in sorted(set(spellings.of(lowered)) - {lowered}):
                found[spelling] = costs.beside if spelling in beside else costs.anywhere
        choices.append(found)
    return choices


def _may_be_changed(token: str, tokens: Sequence[str]) -> bool:
    """Whether a token is a bare syllable, not an acronym."""
    acronym = len(token) > 1 and token.isupper() and not all(other.isupper() for other in tokens)
    return is_bare(token) and is_syllable(token.lower()) and not acronym


def _change_costs(tokens: Sequence[str], spellings: Spellings) -> _ChangeCosts:
    """
    The costs by how carefully an accented question was typed.

    A careful typist's slip is only believed beside a neighbour that the corpus knows: in a carefully typed question a
    bare syllable unknown to the corpus is a word that it lacks ("Hoa Kỳ"), not a forgotten mark.
    """
    careless = _carelessness(tokens, spellings)
    return _ChangeCosts(_cost((1 - careless) * _SLIP + careless * _OMITTED), _cost(careless * _OMITTED))


def _carelessness(tokens: Sequence[str], spellings: Spellings) -> float:
    """
    The probability that the typist of some diacritics omits half of them, by Bayes' rule.

    A careful one types a bare syllable where it is meant, which happens as often as the corpus has it among the
    spellings of its folded form: with share s. A careless one types it then, and half of the times when it is not.
    """
    odds = _CARELESS / (1 - _CARELESS)
    for i, token in enumerate(tokens):
        if not is_bare(token):
            odds *= 1 - _OMITTED
        elif _may_be_changed(token, tokens):
            share = _bare_share(tokens, i, spellings)
            odds *= (share + (1 - share) * _OMITTED) / share
    return odds / (1 + odds)


def _bare_share(tokens: Sequence[str], place: int, spellings: Spellings) -> float:
    """
    How often a bare token's spelling is meant bare, in (0, 1].

    Beside accented neighbours if the corpus knows that company, else anywhere.
    """
    share = _share_anywhere(tokens, place, spellings)
    company = _smoothed_share(_in_company(tokens, place, spellings), tokens[place].lower(), share)
    return max(company, _least_share(tokens, place))


def _share_anywhere(tokens: Sequence[str], place: int, spellings: Spellings) -> float:
    lowered = tokens[place].lower()
    return max(_smoothed_share(spellings.of(lowered), lowered, _UNSEEN_SHARE), _least_share(tokens, place))


def _least_share(tokens: Sequence[str], place: int) -> float:
    capitals = [token[0].isupper() for token in tokens]
    in_name = capitals[place] and (place > 0 or capitals[1:2] == [True]) and not all(capitals)
    return _FOREIGN_NAME if in_name else _FOREIGN_WORD


def _smoothed_share(counts: Mapping[str, int], spelling: str, wider: float) -> float:
    return (counts.get(spelling, 0) + _PSEUDO_COUNT * wider) / (sum(counts.values()) + _PSEUDO_COUNT)


def _in_company(tokens: Sequence[str], place: int, spellings: Spellings) -> Mapping[str, int]:
    """The spellings of a token beside its accented neighbours -> how often."""
    sure = [token.lower() if not is_bare(token) else "" for token in tokens]
    return _counts_beside(tokens, place, sure, spellings)


def _beside_neighbours(tokens: Sequence[str], place: int, spellings: Spellings) -> set[str]:
    """The spellings of a token that the corpus has beside a neighbour as typed."""
    return set(_counts_beside(tokens, place, [token.lower() for token in tokens], spellings))


def _counts_beside(
    tokens: Sequence[str], place: int, neighbours: Sequence[str], spellings: Spellings
) -> Mapping[str, int]:
    """The spellings of a token right behind or before the given neighbours -> how often."""
    found: Counter[str] = Counter()
    if place > 0:
        pairs = spellings.of_pair(fold(tokens[place - 1]), fold(tokens[place]))
        found.update({b: count for (a, b), count in pairs.items() if a == neighbours[place - 1]})
    if place + 1 < len(tokens):
        pairs = spellings.of_pair(fold(tokens[place]), fold(tokens[place + 1]))
        found.update({a: count for (a, b), count in pairs.items() if b == neighbours[place + 1]})
    return found


def _unigrams(tokens: Sequence[str], spellings: Spellings, *, bare: bool) -> list[dict[str, float]]:
    """
    The spellings of each token in lower case -> how often the corpus has them.

    In an accented text a bare token counts for something even if the corpus lacks it.
    """
    found: list[dict[str, float]] = []
    for i, token in enumerate(tokens):
        counts: dict[str, float] = dict(spellings.of(fold(token)))
        if not bare and is_bare(token):
            least = _share_anywhere(tokens, i, spellings) * sum(counts.values())
            counts[token.lower()] = max(counts.get(token.lower(), 0.0), least)
        found.append(counts)
    return found


def _best_path(
    lowered: Sequence[str],
    choices: Sequence[Mapping[str, float]],
    unigrams: Sequence[Mapping[str, float]],
    spellings: Spellings,
) -> list[str]:
    """Viterbi search: the sequence of spellings with the least cost (negative log probability)."""
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
        return nfc(spelling.upper())  # lower case takes "İ" apart
    return nfc(spelling.capitalize()) if typed[0].isupper() else spelling
