"""
Wordings: spans of a question with other names for the same thing.
"""

from dataclasses import dataclass
from itertools import pairwise

from retrieval.language.analyzer import WORD
from retrieval.language.diacritic_restoration import Spellings
from retrieval.language.spelling import fold
from retrieval.question.query import StepKind


@dataclass(frozen=True, slots=True)
class Wording:
    """A span of the text, and other names for the same thing."""

    kind: StepKind
    start: int
    end: int
    typed: str
    others: tuple[str, ...]


def is_used(words: str, spellings: Spellings) -> bool:
    """Whether the corpus has every syllable of the words and every pair of neighbours."""
    keys = [fold(word) for word in WORD.findall(words)]
    pairs = pairwise(keys)
    return all(spellings.of(key) for key in keys) and all(spellings.of_pair(a, b) for a, b in pairs)
