"""
The scale of a model's similarities, in terms of the bundled model's.

The weights and the confidence were learned with the bundled model, whose cosines lie between 0.7 and 0.95; other
models spread theirs elsewhere. A build with another model compares pieces of each collection with question-like
snippets in both, and keeps sums from which a line is fitted. It is fitted over the collections that the reader may see:
what is closed changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_AGREEMENT = 0.5  # correlation below which another model's similarities say something else
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class Line:
    """value -> offset + slope * value."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, value: float) -> float:
        """The value on the bundled model's scale."""
        return self.offset + self.slope * value


@dataclass(frozen=True, slots=True)
class PairSums:
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

    def to_json(self) -> list[float]:
        """The sums in the order of the fields."""
        return [round(value, 6) for value in astuple(self)]

    def __add__(self, other: PairSums) -> PairSums:
        return PairSums(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

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
class ModelScale:
    """Lines for cosines and MaxSim scores, and the agreement with the bundled model."""

    cosine: Line = Line()
    near: Line = Line()
    agreement: float = 1.0

    @property
    def holds(self) -> bool:
        """Whether weights and confidence that were learned with the bundled model hold for this one."""
        return self.agreement >= LEAST_AGREEMENT


# By collection, as the manifest keeps it: "cosine" and "near", the sums of cosines and of MaxSim scores (`PairSums`),
# and "sample", a digest of the texts that were compared.
Background = Mapping[str, Mapping[str, Any]]


def model_scale(background: Background | None, collections: Iterable[str]) -> ModelScale:
    """The scale over these collections; the bundled model's own where there is no background."""
    if not background:
        return ModelScale()
    cosines, near = PairSums(), PairSums()
    for name in sorted(background.keys() & set(collections)):
        cosines += PairSums(*background[name]["cosine"])
        near += PairSums(*background[name]["near"])
    if not cosines.pairs:
        return ModelScale()
    return ModelScale(cosines.line(), near.line() if near.pairs else Line(), cosines.agreement)
