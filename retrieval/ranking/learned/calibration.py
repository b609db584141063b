"""
A calibration: the learned numbers by which candidates are ordered and answers judged.

The shipped one is in `weights.json` and `confidence.json`, with the commands that train them. An index may keep another
one, learned from its own questions: see `trichdan calibrate`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic model over named features."""

    intercept: float
    weights: Mapping[str, float]

    def log_odds(self, values: Iterable[tuple[str, float]]) -> float:
        """The log odds of features, given as (name, value)."""
        return self.intercept + sum(self.weights[name] * value for name, value in values)


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    Weights of the order, and models of the confidence.

    Differences of scores are log odds, and so is what the models give.
    """

    weights: Mapping[str, float]  # by `features.NAMES`
    same_language: LogisticModel  # over `confidence.NAMES`
    foreign: LogisticModel  # of questions in another language than the documents'

    def __post_init__(self) -> None:
        numbers = [*self.weights.values()]
        for model in (self.same_language, self.foreign):
            numbers += [model.intercept, *model.weights.values()]
        if not all(map(math.isfinite, numbers)):
            raise ValueError("nan or infinity among the weights")

    def model(self, *, foreign: bool) -> LogisticModel:
        """The confidence model for questions in the documents' language, or in another."""
        return self.foreign if foreign else self.same_language

    def to_json(self) -> dict[str, Any]:
        """The form that `from_json` reads."""
        return {
            "weights": dict(self.weights),
            "same language": _model_json(self.same_language),
            "foreign": _model_json(self.foreign),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Calibration:
        """The calibration in such a form; ValueError if it is of other features."""
        shipped = shipped_calibration()
        return cls(
            _numbers(stored["weights"], shipped.weights),
            _model(stored["same language"], shipped.same_language),
            _model(stored["foreign"], shipped.foreign),
        )


@cache
def shipped_calibration() -> Calibration:
    """The calibration that is part of the program."""
    order, confidence = (_shipped_file(name) for name in ("weights.json", "confidence.json"))
    models = (
        LogisticModel(float(confidence[kind]["intercept"]), confidence[kind]["weights"])
        for kind in ("same language", "foreign")
    )
    return Calibration({name: float(weight) for name, weight in order["weights"].items()}, *models)


def _shipped_file(name: str) -> dict[str, Any]:
    return dict(json.loads((files("retrieval.ranking") / name).read_text(encoding="utf-8")))


def _model_json(model: LogisticModel) -> dict[str, Any]:
    return {"intercept": model.intercept, "weights": dict(model.weights)}


def _model(stored: Mapping[str, Any], like: LogisticModel) -> LogisticModel:
    return LogisticModel(float(stored["intercept"]), _numbers(stored["weights"], like.weights))


def _numbers(stored: Mapping[str, Any], like: Mapping[str, float]) -> dict[str, float]:
    if stored.keys() != like.keys():
        raise ValueError(f"weights of {', '.join(like)}, found {', '.join(stored)}")
    return {name: float(stored[name]) for name in like}
