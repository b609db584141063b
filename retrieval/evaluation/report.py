"""
The report of a suite, and its form as JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from retrieval.evaluation.comparison import Comparison
from retrieval.evaluation.failure import FAILURES, QUESTION_WORDS, question_word
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.provenance import Provenance
from retrieval.evaluation.reliability import Reliability, reliability
from retrieval.evaluation.result import Result
from retrieval.evaluation.set_metrics import SetMetrics
from retrieval.evaluation.suite import SuiteResult

FORMAT = 1  # bump when an older report would be misread


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions of one kind, and for how many of them staff see no right passage."""

    name: str
    questions: int
    not_shown: int


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """
    What a run of `trichdan eval --all` reports.

    `notices` name the earlier reports that could not be read.
    """

    about: Provenance
    suite: SuiteResult
    comparison: Comparison | None
    notices: tuple[str, ...] = ()

    def results_of(self, mode: Mode) -> list[Result]:
        """The results of one mode, over all sets."""
        return [result for result in self.suite.results if result.mode == mode]

    def overall(self, mode: Mode) -> Reliability:
        """Reliability over all sets, each question counting alike."""
        return reliability(self.results_of(mode))

    def failures(self, mode: Mode) -> dict[str, dict[str, int]]:
        """
        Failure -> set -> questions, in the order of FAILURES.

        Failures that did not happen map to no sets.
        """
        counts = Counter((r.failure, r.set_name) for r in self.results_of(mode) if r.failure)
        return {
            failure: {name: counts[failure, name] for name in self.set_names if counts[failure, name]}
            for failure in FAILURES
        }

    def by_question_word(self, mode: Mode) -> list[QuestionGroup]:
        """Group the answerable questions by question word, in the order of QUESTION_WORDS."""
        found = {
            group.name: group for group in _groups(self.results_of(mode), lambda result: question_word(result.text))
        }
        return [found[word] for word in QUESTION_WORDS if word in found]

    def by_kind(self, mode: Mode) -> list[QuestionGroup]:
        """Group the answerable questions by the kind that their set names, if any."""
        return _groups([result for result in self.results_of(mode) if result.kind], lambda result: result.kind)

    @property
    def set_names(self) -> list[str]:
        """The sets that were measured, in order."""
        return list(dict.fromkeys(one.set_name for one in self.suite.metrics))

    def to_json(self) -> dict[str, object]:
        """Return the content of `report.json`."""
        return {
            "format": FORMAT,
            "about": self.about.to_json(),
            "sets": [_metrics_json(one) for one in self.suite.metrics],
            "overall": {mode: asdict(self.overall(mode)) for mode in MODES},
            "failures": {mode: self.failures(mode) for mode in MODES},
            "by question word": {mode: [asdict(group) for group in self.by_question_word(mode)] for mode in MODES},
            "by kind": {mode: [asdict(group) for group in self.by_kind(mode)] for mode in MODES},
            "refused": self.suite.refused,
            "notices": list(self.notices),
            "comparison": self.comparison.to_json() if self.comparison else None,
            "questions": [result.to_json() for result in self.suite.results],
        }


def _groups(results: Sequence[Result], group_of: Callable[[Result], str]) -> list[QuestionGroup]:
    answerable = [(group_of(result), result) for result in results if result.answerable]
    totals = Counter(group for group, _ in answerable)
    missed = Counter(group for group, result in answerable if not result.is_shown)
    return [QuestionGroup(name, total, missed[name]) for name, total in totals.items()]


def _metrics_json(one: SetMetrics) -> dict[str, object]:
    return {
        "set": one.set_name,
        "mode": one.mode,
        "model": one.fingerprint,
        "answerable": one.answerable,
        "unanswerable": one.unanswerable,
        **_rounded(one.measures.items()),
        "recall": [round(value, 4) for value in one.recall],
        "states": one.states,
        "reliability": asdict(one.reliability),
        "ms": one.milliseconds,
        "highlights": asdict(one.highlights) if one.highlights else None,
    }


def _rounded(items: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in items}
