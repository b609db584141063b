"""
The scale of a model's similarities, in terms of the bundled model's.

The weights and the confidence were learned with the bundled model, whose cosines lie between 0.7 and 0.95; other
models spread theirs elsewhere. A build with another model compares passages of each collection with question-like
snippets in both, and keeps sums from which lines are fitted. They are fitted over the collections that the reader may
see: what is closed changes nothing.

What a model says of one passage beside another counts as far as it agrees with the bundled one: where it does not, the
lines are flat. The confidence needs the level too: how near the nearest passages are tells whether anything answers.
Its features are shifted to where the bundled model's lie on the mean, and the leads of scores, to which flat lines add
less, are enlarged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

LEAST_AGREEMENT = 0.5  # correlation below which another model's similarities say something else
NEAREST = 12  # of a snippet's passages
_LEAST_SPREAD = 1e-6
# How much of the first passage's lead over the fourth is owed to cosines and to MaxSim scores with the bundled model:
# means over the development questions, with and without their right passages (`tests.benchmarks.other_models`).
_COSINE_SHARE, _NEAR_SHARE = 0.29, 0.23


@dataclass(frozen=True, slots=True)
class Line:
    """value -> offset + slope * value."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        """The value on the bundled model's scale."""
        return self.offset + self.slope * value


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums that add up over collections, field by field."""

    def to_json(self) -> list[float]:
        """The sums in the order of the fields."""
        return [round(value, 6) for value in astuple(self)]

    def __add__(self, other: Self) -> Self:
        return type(self)(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class PairSums(_Sums):
    """Sums over pairs of similarities: by a model (x), and by the bundled one (y)."""

    pairs: float = 0.0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    xy: float = 0.0
    yy: float = 0.0

    @classmethod
    def of(cls, own: NDArray[np.float32], bundled: NDArray[np.float32]) -> PairSums:
        """The sums over two arrays of the same shape."""
        x, y = own.astype(np.float64).ravel(), bundled.astype(np.float64).ravel()
        return cls(float(len(x)), float(x.sum()), float(y.sum()), float(x @ x), float(x @ y), float(y @ y))

    @property
    def agreement(self) -> float:
        """The correlation of both, in [-1, 1]; 0 where one of them does not vary."""
        across = self._variance(self.xx, self.x) * self._variance(self.yy, self.y)
        return self._covariance() / across**0.5 if across > _LEAST_SPREAD**4 else 0.0

    def line(self) -> Line:
        """
        The least-squares line from the model to the bundled one.

        Where both agree less it is flatter, so that a model that says less of the bundled one's evidence counts less.
        """
        spread = self._variance(self.xx, self.x)
        slope = max(0.0, self._covariance() / spread) if spread > _LEAST_SPREAD**2 else 0.0
        return Line(slope, (self.y - slope * self.x) / self.pairs if self.pairs else 0.0)

    def _covariance(self) -> float:
        return self.xy / self.pairs - self.x / self.pairs * (self.y / self.pairs) if self.pairs else 0.0

    def _variance(self, squares: float, total: float) -> float:
        return max(0.0, squares / self.pairs - (total / self.pairs) ** 2) if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class LevelSums(_Sums):
    """
    Sums over snippets: their best similarity, and the mean of their best NEAREST.

    By a model (x) and by the bundled one (y).
    """

    snippets: float = 0.0
    x_best: float = 0.0
    x_mean: float = 0.0
    y_best: float = 0.0
    y_mean: float = 0.0

    @classmethod
    def of(cls, own: NDArray[np.float32], bundled: NDArray[np.float32]) -> LevelSums:
        """The sums over two arrays (snippets, passages)."""
        levels = [-np.sort(-each.astype(np.float64), axis=1)[:, :NEAREST] for each in (own, bundled)]
        (x, y) = ((float(level[:, 0].sum()), float(level.mean(axis=1).sum())) for level in levels)
        return cls(float(len(own)), *x, *y)

    def shifts(self, line: Line) -> tuple[float, float]:
        """
        What brings the best similarity, and its lead over the mean, to the bundled model's.

        After `line`, on the mean over the snippets.
        """
        if not self.snippets:
            return 0.0, 0.0
        best, mean = ((self.y_best, self.x_best), (self.y_mean, self.x_mean))
        of_best = (best[0] - line.slope * best[1]) / self.snippets - line.offset
        of_lead = ((best[0] - mean[0]) - line.slope * (best[1] - mean[1])) / self.snippets
        return of_best, of_lead


@dataclass(frozen=True, slots=True)
class ModelScale:
    """
    Lines for cosines and MaxSim scores, and the agreement with the bundled model.

    The shifts are added to features of the confidence: the best cosine, its lead over the candidates' mean, and the
    best MaxSim score. The leads of the first passage's score over others are multiplied by `lead`.
    """

    cosine: Line = Line()
    near: Line = Line()
    agreement: float = 1.0
    cosine_shift: float = 0.0
    spread_shift: float = 0.0
    near_shift: float = 0.0
    lead: float = 1.0

    @property
    def holds(self) -> bool:
        """Whether weights and confidence that were learned with the bundled model hold for this one."""
        return self.agreement >= LEAST_AGREEMENT


BUNDLED_SCALE = ModelScale()

# By collection, as the manifest keeps it: "cosine" and "near", the sums of cosines and of MaxSim scores (`PairSums`),
# "cosine level" and "near level" (`LevelSums`), and "sample", a digest of the texts that were compared.
Background = Mapping[str, Mapping[str, Any]]


def model_scale(background: Background | None, collections: Iterable[str]) -> ModelScale:
    """
    The scale over these collections; the bundled model's own where there is no background.

    Where another model was compared over none of them, nothing is known of it, so that it does not hold.
    """
    if background is None:
        return BUNDLED_SCALE
    seen = [background[name] for name in sorted(background.keys() & set(collections))]
    if not seen:
        return ModelScale(agreement=0.0)
    cosines, near = (sum((PairSums(*each[name]) for each in seen), PairSums()) for name in ("cosine", "near"))
    level, near_level = (
        sum((LevelSums(*each[f"{name} level"]) for each in seen), LevelSums()) for name in ("cosine", "near")
    )
    cosine_line, near_line = cosines.line(), near.line()
    cosine_shift, spread_shift = level.shifts(cosine_line)
    near_shift, _ = near_level.shifts(near_line)
    lead = _lead_scale(cosines.agreement, near.agreement)
    return ModelScale(cosine_line, near_line, cosines.agreement, cosine_shift, spread_shift, near_shift, lead)


def _lead_scale(cosine_agreement: float, near_agreement: float) -> float:
    """
    What brings a lead to the bundled model's.

    A least-squares line keeps of the bundled model's spread as much as both agree.
    """
    lost = _COSINE_SHARE * (1 - max(0.0, cosine_agreement)) + _NEAR_SHARE * (1 - max(0.0, near_agreement))
    return 1 / (1 - lost)
