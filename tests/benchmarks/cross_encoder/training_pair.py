"""
A question and a stretch, and whether the one answers the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.language.analyzer import analyze
from retrieval.language.sentence import split_sentences
from tests.benchmarks.cross_encoder.stretch import best_stretch


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """A pair; `span` is that of the answer in the stretch, None where it is not known or there is none."""

    question: str
    stretch: str
    answers: bool
    span: tuple[int, int] | None = None


class TermWeights:
    """The idf of folded terms over some texts, for choosing stretches as `best_stretch` does in an index."""

    def __init__(self, texts: Iterable[str]) -> None:
        terms = [set(analyze(text).folded) for text in texts]
        self._count = len(terms)
        self._holding = Counter(term for each in terms for term in each)

    def of(self, question: str) -> dict[str, float]:
        """The weights of the question's terms."""
        return {
            term: math.log(1 + (self._count + 0.5) / (self._holding[term] + 0.5)) for term in analyze(question).folded
        }

    def stretch(self, question: str, text: str) -> str:
        """The stretch of `text` that holds most of the question."""
        return best_stretch(text, self.of(question))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, white space collapsed."""
    return [" ".join(text[each.start : each.end].split()) for each in split_sentences(text)]
