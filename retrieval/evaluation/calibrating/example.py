"""
Marked questions with their rankings, as examples to learn from.

A question whose answer is there is also an example of one whose answer is not: its ranking without the right passages.
That is what the documents' neighbours look like when they do not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.mode import Mode, typed_as
from retrieval.evaluation.questions import EvalQuestion
from retrieval.index.scoring.model_scale import ModelScale
from retrieval.ranking import features
from retrieval.ranking.confidence import SHOWN_PASSAGES, confidence_features
from retrieval.ranking.learned.calibration import Calibration, LogisticModel
from retrieval.ranking.ranking import Ranking
from retrieval.ranking.score import RankedCandidate, learned_contributions
from retrieval.retriever import Retriever

_ASKED: tuple[Mode, ...] = ("full", "bare")


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity
class Example:
    """
    A question in one mode, and its candidates.

    `evidence` (candidates, features) float64 is what the weights multiply, `boosts` (candidates,) the rest of the score
    in log odds, `right` (candidates,) bool.
    """

    question: int  # its number: the same in all modes, and with the right passages taken away
    mode: Mode
    removed: bool  # whether the right passages were taken away
    foreign: bool
    text: str
    covered: float
    scale: ModelScale  # of the model
    places: tuple[RankedCandidate, ...]
    evidence: NDArray[np.float64]
    boosts: NDArray[np.float64]
    right: NDArray[np.bool_]

    @property
    def answerable(self) -> bool:
        """Whether a right passage is among the candidates."""
        return bool(self.right.any())

    def order(self, weights: Mapping[str, float]) -> NDArray[np.int64]:
        """The candidates' places by these weights, best first."""
        return np.argsort(-self.scores(weights), kind="stable")

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """The candidates' scores by these weights, (candidates,) float64, in log odds."""
        return np.asarray(self.evidence @ np.array([weights[name] for name in features.NAMES]) + self.boosts)

    def rank(self, weights: Mapping[str, float]) -> int:
        """The rank of the first right passage by these weights, 0 when there is none."""
        places = np.flatnonzero(self.right[self.order(weights)])
        return int(places[0]) + 1 if len(places) else 0

    def is_shown(self, weights: Mapping[str, float]) -> bool:
        """Whether a right passage is among those that the reader sees at once."""
        return 1 <= self.rank(weights) <= SHOWN_PASSAGES

    def judged_by(self, weights: Mapping[str, float]) -> tuple[float, ...]:
        """The values of the confidence's features when the candidates are ordered by these weights."""
        return _confidence_values(self, tuple(weights[name] for name in features.NAMES))

    def model(self, calibration: Calibration) -> LogisticModel:
        """The confidence model for this question's language."""
        return calibration.model(foreign=self.foreign)


def collect(
    retriever: Retriever, questions: Sequence[EvalQuestion], progress: Callable[[int], None] = lambda _: None
) -> list[Example]:
    """
    The examples of marked questions, asked of the live generation.

    Left out: what the question names outright, which is looked up and not weighed.
    """
    sources = {record.doc_id: record.source for record in retriever.documents()}
    found: list[Example] = []
    for number, question in enumerate(questions):
        for mode in _ASKED:
            ranking = retriever.rank(typed_as(question.text, mode))
            if ranking.places and not ranking.lookup.is_whole:
                found += _examples(ranking, number, mode, _is_right(question, sources))
        progress(1)
    return found


@lru_cache(maxsize=20_000)  # asked again for every ridge and fold
def _confidence_values(example: Example, weights: tuple[float, ...]) -> tuple[float, ...]:
    named = dict(zip(features.NAMES, weights, strict=True))
    scores = example.scores(named)
    places = [replace(example.places[place], score=float(scores[place])) for place in example.order(named)]
    return confidence_features(places, example.covered, example.text, example.scale).values()


def _is_right(question: EvalQuestion, sources: Mapping[str, str]) -> Callable[[RankedCandidate], bool]:
    def is_right(place: RankedCandidate) -> bool:
        passage = place.candidate.passage
        return any(gold.holds(sources[passage.doc_id], passage.text) for gold in question.gold)

    return is_right


def _examples(ranking: Ranking, number: int, mode: Mode, is_right: Callable[[RankedCandidate], bool]) -> list[Example]:
    right = np.array([is_right(place) for place in ranking.places])
    examples = [_example(ranking, ranking.places, number, mode, right)]
    others = [place for place, answers in zip(ranking.places, right, strict=True) if not answers]
    if right.any() and others:
        examples.append(_example(ranking, others, number, mode, np.zeros(len(others), bool), removed=True))
    return examples


def _example(
    ranking: Ranking,
    places: Sequence[RankedCandidate],
    number: int,
    mode: Mode,
    right: NDArray[np.bool_],
    *,
    removed: bool = False,
) -> Example:
    ones, foreign = dict.fromkeys(features.NAMES, 1.0), ranking.query.foreign
    evidence = [list(learned_contributions(place.features, ones, foreign=foreign).values()) for place in places]
    learned = frozenset(features.NAMES)
    boosts = [sum(value for name, value in place.contributions.items() if name not in learned) for place in places]
    return Example(
        question=number,
        mode=mode,
        removed=removed,
        foreign=foreign,
        text=ranking.query.text,
        covered=ranking.covered,
        scale=ranking.scale,
        places=tuple(places),
        evidence=np.array(evidence),
        boosts=np.array(boosts),
        right=right,
    )
