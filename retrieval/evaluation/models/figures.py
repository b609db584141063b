"""
What is measured of a model: answers, speed, memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class AskedFigures:
    """
    One set asked in one way.

    Measures are means over the answerable questions; states are shares of the answerable and the unanswerable ones.
    """

    answerable: int  # questions
    unanswerable: int
    measures: Mapping[str, float]
    states: Mapping[str, Mapping[str, float]]  # "answerable", "unanswerable" -> share in each state


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """
    One model on some sets.

    `reason` says why it could not be measured, "" when it was.

    `sets` maps each set's name to "full", "half" and "bare", as its Vietnamese questions were typed, and "english".
    """

    model: str  # as it was named
    reason: str = ""
    fingerprint: str = ""
    dimensions: int = 0
    max_tokens: int = 0
    model_mb: float = 0.0  # on disk
    index_mb: float = 0.0  # on disk
    load_seconds: float = 0.0
    passages: int = 0
    passages_per_second: float = 0.0  # encoded as a build does, with windows and token vectors
    indexing_mb: float = 0.0  # peak of resident memory
    answering_mb: float = 0.0
    milliseconds: Mapping[str, float] = field(default_factory=dict)  # "p50", "p95" of a question
    sets: Mapping[str, Mapping[str, AskedFigures]] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return one entry of "models" in `models.json`."""
        return asdict(self)
