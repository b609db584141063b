"""
What changed between two runs over the same questions, question by question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.evaluation.judgement import compute_measures
from retrieval.evaluation.mode import Mode
from retrieval.evaluation.reliability import reliability
from retrieval.evaluation.result import Result
from retrieval.ranking.confidence import State

_Key = tuple[str, Mode, str, str]
_STATE_ORDER: dict[State, int] = {"none": 0, "weak": 1, "found": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One question in two runs."""

    before: Result
    after: Result

    def to_json(self) -> dict[str, object]:
        """Return one entry of "better" or "worse" in `report.json`."""
        return {
            "set": self.after.set_name,
            "id": self.after.question_id,
            "mode": self.after.mode,
            "question": self.after.text,
            "rank": [self.before.rank, self.after.rank],
            "state": [self.before.state, self.after.state],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """
    The measures of one set and mode in two runs.

    Over the questions that both runs asked, by name: (before, after).
    """

    set_name: str
    mode: Mode
    common: int  # questions
    measures: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What changed since an earlier report.

    `missing` counts the questions that only the earlier run asked, `added` those that only this one asked.
    """

    before: str  # name of the earlier report
    differences: tuple[Difference, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    missing: int
    added: int

    def to_json(self) -> dict[str, object]:
        """Return the value of "comparison" in `report.json`."""
        return {
            "before": self.before,
            "differences": [
                {
                    "set": difference.set_name,
                    "mode": difference.mode,
                    "common": difference.common,
                    **{name: [round(v, 4) for v in values] for name, values in difference.measures.items()},
                }
                for difference in self.differences
            ],
            "better": [change.to_json() for change in self.better],
            "worse": [change.to_json() for change in self.worse],
            "missing": self.missing,
            "added": self.added,
        }


def compare(before: Sequence[Result], after: Sequence[Result], *, name: str) -> Comparison:
    """Compare with the results of the report `name`; a reworded question is another question."""
    old = {_key(result): result for result in before}
    new = {_key(result): result for result in after}
    changes = [Change(old[key], result) for key, result in new.items() if key in old]
    return Comparison(
        before=name,
        differences=tuple(_differences(changes)),
        better=tuple(change for change in changes if _quality(change.after) > _quality(change.before)),
        worse=tuple(change for change in changes if _quality(change.after) < _quality(change.before)),
        missing=len(old.keys() - new.keys()),
        added=len(new.keys() - old.keys()),
    )


def comparison_measures(results: Sequence[Result]) -> dict[str, float]:
    """The measures by name, with "ECE", and "AUC" where it is defined."""
    found = reliability(results)
    area = {} if found.area is None else {"AUC": found.area}
    return {**compute_measures([result.judgement for result in results]), **area, "ECE": found.error}


def _key(result: Result) -> _Key:
    return result.set_name, result.mode, result.question_id, result.text


def _quality(result: Result) -> tuple[int, int]:
    """
    Sort key of a result, higher is better.

    First the rank of the right passage; at the same rank, a surer state is better where staff see the right passage,
    and worse where they do not or where nothing can be right.
    """
    order = _STATE_ORDER[result.state]
    return -(result.rank or 1_000), order if result.is_shown else -order


def _differences(changes: Sequence[Change]) -> Iterable[Difference]:
    groups: dict[tuple[str, Mode], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.after.set_name, change.after.mode), []).append(change)
    for (set_name, mode), group in groups.items():
        old = comparison_measures([change.before for change in group])
        new = comparison_measures([change.after for change in group])
        measures = {name: (old[name], new[name]) for name in new if name in old}
        yield Difference(set_name, mode, len(group), measures)
