"""
Learn a calibration from examples, and judge it on questions left out.

Each part, the order and the confidence, is taken only where it is better by more than chance explains in nineteen of
twenty cases: the loss on questions left out must fall by 1.64 of its standard errors. The order's RR@10 must not fall
besides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.calibrating import anchored_logistic, conditional_logit
from retrieval.evaluation.calibrating.example import Example
from retrieval.evaluation.judgement import DEPTH
from retrieval.ranking import confidence, features
from retrieval.ranking.learned.calibration import Calibration, LogisticModel

FOLDS = 5
LEAST_QUESTIONS = 50
_SURE = 1.64  # standard errors
_LEAST_OF_A_LANGUAGE = 25  # questions, else the confidence of that language stays as it is
# What deviating from the shipped numbers costs: see `conditional_logit` and `anchored_logistic`.
_RIDGES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_LearnPart = Callable[[Sequence[Example], Calibration, float], Calibration]
_Loss = Callable[[Sequence[Example], Calibration], dict[int, float]]


@dataclass(frozen=True, slots=True)
class Judged:
    """
    An example, and the calibration that judges it.

    It was learned without the example's question, or is the shipped one.
    """

    example: Example
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Learned:
    """
    The calibration to keep, and which parts of it are new.

    Also every example judged by the one of before, and as the new one was judged.
    """

    calibration: Calibration
    is_order_new: bool
    is_confidence_new: bool
    before: tuple[Judged, ...]
    after: tuple[Judged, ...]  # each by a calibration that was learned without its question

    @property
    def is_new(self) -> bool:
        """Whether anything was better than before."""
        return self.is_order_new or self.is_confidence_new


def learn(examples: Sequence[Example], shipped: Calibration) -> Learned:
    """Learn from examples of at least LEAST_QUESTIONS questions, starting from the shipped calibration."""
    folds = _folds(examples)
    by_fold = dict.fromkeys(range(FOLDS), shipped)
    best = shipped
    is_new: list[bool] = []
    for learn_part, loss in ((_with_order, order_losses), (_with_confidence, confidence_losses)):
        found = {
            fold: _learned(_outside(examples, folds, fold), by_fold[fold], learn_part, loss) for fold in range(FOLDS)
        }
        is_new.append(
            _is_better(examples, folds, by_fold, found, loss) and not _ranks_worse(examples, folds, by_fold, found)
        )
        if is_new[-1]:
            by_fold, best = found, _learned(examples, best, learn_part, loss)
    return Learned(
        best,
        is_order_new=is_new[0],
        is_confidence_new=is_new[1],
        before=tuple(Judged(example, shipped) for example in examples),
        after=tuple(Judged(example, by_fold[folds[example.question]]) for example in examples),
    )


def order_losses(examples: Sequence[Example], calibration: Calibration) -> dict[int, float]:
    """The negative log likelihood of the right candidates, by question, mean over its modes."""
    asked = [example for example in examples if example.answerable]
    if not asked:
        return {}
    weights = np.array([calibration.weights[name] for name in features.NAMES])
    return _by_question(asked, conditional_logit.losses(choices(asked), weights))


def confidence_losses(examples: Sequence[Example], calibration: Calibration) -> dict[int, float]:
    """
    The negative log likelihood of whether the first passages answer.

    By question, the mean over its examples.
    """
    odds = np.array([log_odds(example, calibration) for example in examples])
    shown = np.array([example.is_shown(calibration.weights) for example in examples], bool)
    return _by_question(examples, anchored_logistic.log_losses(odds, shown))


def log_odds(example: Example, calibration: Calibration) -> float:
    """The confidence of a calibration in an example, in log odds."""
    values = example.judged_by(calibration.weights)
    return example.model(calibration).log_odds(zip(confidence.NAMES, values, strict=True))


def choices(examples: Sequence[Example]) -> conditional_logit.Choices:
    """The examples as what the conditional logit learns from."""
    counts = [len(example.right) for example in examples]
    return conditional_logit.Choices(
        evidence=np.concatenate([example.evidence for example in examples]),
        offset=np.concatenate([example.boosts for example in examples]),
        right=np.concatenate([example.right for example in examples]),
        question=np.repeat(np.arange(len(examples)), counts),
    )


def _folds(examples: Sequence[Example]) -> dict[int, int]:
    """Question -> fold; a question's examples share one."""
    questions = sorted({example.question for example in examples})
    order = np.random.default_rng(0).permutation(len(questions))
    return {question: int(place) % FOLDS for question, place in zip(questions, order, strict=True)}


def _outside(examples: Sequence[Example], folds: dict[int, int], fold: int) -> list[Example]:
    return [example for example in examples if folds[example.question] != fold]


def _inside(examples: Sequence[Example], folds: dict[int, int], fold: int) -> list[Example]:
    return [example for example in examples if folds[example.question] == fold]


def _learned(examples: Sequence[Example], start: Calibration, learn_part: _LearnPart, loss: _Loss) -> Calibration:
    """Learn with the ridge that does best on questions left out."""
    folds = _folds(examples)

    def left_out(ridge: float) -> float:
        found: dict[int, float] = {}
        for fold in range(FOLDS):
            learned = learn_part(_outside(examples, folds, fold), start, ridge)
            found |= loss(_inside(examples, folds, fold), learned)
        return fmean(found.values()) if found else 0.0

    return learn_part(examples, start, min(_RIDGES, key=left_out))


def _is_better(
    examples: Sequence[Example],
    folds: dict[int, int],
    before: dict[int, Calibration],
    after: dict[int, Calibration],
    loss: _Loss,
) -> bool:
    """Whether the loss on questions left out falls by more than chance explains."""
    gains: list[float] = []
    for fold in range(FOLDS):
        inside = _inside(examples, folds, fold)
        was, now = loss(inside, before[fold]), loss(inside, after[fold])
        gains += [was[question] - now[question] for question in was]
    error = float(np.std(gains, ddof=1)) / len(gains) ** 0.5 if len(gains) > 1 else np.inf
    return len(gains) > 1 and fmean(gains) > _SURE * error


def _ranks_worse(
    examples: Sequence[Example], folds: dict[int, int], before: dict[int, Calibration], after: dict[int, Calibration]
) -> bool:
    """Whether RR@10 of the answerable questions, each left out, falls."""

    def mean(calibrations: dict[int, Calibration]) -> float:
        asked = [example for example in examples if example.answerable]
        ranks = [example.rank(calibrations[folds[example.question]].weights) for example in asked]
        return fmean([1 / rank if 0 < rank <= DEPTH else 0.0 for rank in ranks] or [0.0])

    return mean(after) < mean(before)


def _with_order(examples: Sequence[Example], start: Calibration, ridge: float) -> Calibration:
    asked = [example for example in examples if example.answerable]
    if not asked:
        return start
    prior = np.array([start.weights[name] for name in features.NAMES])
    weights = conditional_logit.fit([choices(asked)], ridge=ridge, prior=prior)
    return replace(start, weights=dict(zip(features.NAMES, weights.tolist(), strict=True)))


def _with_confidence(examples: Sequence[Example], start: Calibration, ridge: float) -> Calibration:
    def learned(model: LogisticModel, *, foreign: bool) -> LogisticModel:
        own = [example for example in examples if example.foreign == foreign]
        labels = np.array([example.is_shown(start.weights) for example in own])
        if len({example.question for example in own}) < _LEAST_OF_A_LANGUAGE or labels.all() or not labels.any():
            return model
        rows = np.array([example.judged_by(start.weights) for example in own])
        prior = np.array([model.intercept, *(model.weights[name] for name in confidence.NAMES)])
        intercept, *weights = anchored_logistic.fit(rows, labels, prior, ridge=ridge).tolist()
        return LogisticModel(intercept, dict(zip(confidence.NAMES, weights, strict=True)))

    return replace(
        start,
        same_language=learned(start.same_language, foreign=False),
        foreign=learned(start.foreign, foreign=True),
    )


def _by_question(examples: Sequence[Example], losses: Sequence[float] | NDArray[np.float64]) -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for example, loss in zip(examples, losses, strict=True):
        found.setdefault(example.question, []).append(float(loss))
    return {question: fmean(own) for question, own in found.items()}
