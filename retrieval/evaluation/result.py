"""
One question of one set, asked full, half-typed or bare, as reports store it.

Holds only what metrics and comparisons need, so that it can be written and read back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from retrieval.evaluation.failure import FAILURES, Failure
from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.mode import MODES, Mode
from retrieval.ranking.confidence import SHOWN_PASSAGES, STATES, State

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Result:
    """
    The outcome of one question.

    `first` is the id of the first passage, None when there was none.
    """

    set_name: str
    question_id: str
    mode: Mode
    text: str  # as in the set, even when asked half-typed or bare
    kind: str  # of question, "" when the set names none
    judgement: Judgement
    state: State
    confidence: float
    first: str | None
    failure: Failure | None

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return self.judgement.relevant > 0

    @property
    def rank(self) -> int:
        """The rank of the first right passage, 0 when none is in the first ten."""
        return self.judgement.rank

    @property
    def is_shown(self) -> bool:
        """Whether a right passage is among those that staff see at once."""
        return 1 <= self.rank <= SHOWN_PASSAGES

    def to_json(self) -> dict[str, object]:
        """Return one entry of "questions" in `report.json`."""
        return {
            "set": self.set_name,
            "id": self.question_id,
            "mode": self.mode,
            "question": self.text,
            "kind": self.kind,
            "rank": self.rank,
            "ranks": list(self.judgement.ranks),
            "relevant": self.judgement.relevant,
            "state": self.state,
            "confidence": round(self.confidence, 4),
            "first": self.first,
            "failure": self.failure,
        }

    @classmethod
    def from_json(cls, entry: Any) -> Result:  # noqa: ANN401 - whatever a file holds
        """Read such an entry back; KeyError, TypeError or ValueError when it is malformed."""
        return cls(
            set_name=_text(entry["set"]),
            question_id=_text(entry["id"]),
            mode=_one_of(entry["mode"], MODES),
            text=_text(entry["question"]),
            kind=_text(entry["kind"]),
            judgement=Judgement(tuple(map(_count, entry["ranks"])), _count(entry["relevant"])),
            state=_one_of(entry["state"], STATES),
            confidence=_probability(entry["confidence"]),
            first=None if entry["first"] is None else _text(entry["first"]),
            failure=None if entry["failure"] is None else _one_of(entry["failure"], FAILURES),
        )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _probability(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no probability")
    return float(value)


def _one_of(value: object, allowed: tuple[_Word, ...]) -> _Word:
    for one in allowed:
        if one == value:
            return one
    raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
