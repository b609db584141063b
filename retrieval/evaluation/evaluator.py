"""
Ask a question set through a Retriever and measure the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from retrieval.answering.answer import Answer
from retrieval.evaluation.failure import Failure
from retrieval.evaluation.judgement import DEPTH, Judgement, SpanScores, compute_measures, span_scores
from retrieval.evaluation.mode import Mode, typed_as
from retrieval.evaluation.questions import EvalQuestion
from retrieval.evaluation.result import Result
from retrieval.ranking.confidence import STATES, State
from retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class EvaluatedQuestion:
    """One question, its answer, and the ranks of the right hits."""

    question: EvalQuestion
    answer: Answer
    judgement: Judgement

    @property
    def rank(self) -> int:
        """The rank of the first right hit, 0 when none is in the first ten."""
        return self.judgement.rank


@dataclass(frozen=True, slots=True)
class SetReport:
    """The measures of one set: means over the answerable questions, in [0, 1]."""

    measures: dict[str, float]
    queries: int
    states: dict[str, dict[str, float]]  # "answerable", "unanswerable" -> share in each state
    highlight: float | None  # share of right passages whose highlight holds an answer; None if the set has none
    spans: SpanScores | None  # of the answers that stand apart; None if the set has none to compare
    milliseconds: dict[str, float]  # p50 and p95 of a question
    outcomes: tuple[EvaluatedQuestion, ...]

    def to_json(self) -> dict[str, object]:
        """The contract of `trichdan eval --json`."""
        return {
            **{name: round(value, 4) for name, value in self.measures.items()},
            "queries": self.queries,
            "states": self.states,
            "ms": self.milliseconds,
            **({} if self.highlight is None else {"highlight": self.highlight}),
            **({} if self.spans is None else {"spans": asdict(self.spans)}),
        }


def evaluate(
    retriever: Retriever,
    questions: Sequence[EvalQuestion],
    *,
    mode: Mode,
    progress: Callable[[int], None] = lambda _: None,
) -> SetReport:
    """Ask every question, typed as the mode says, and measure the answers."""
    outcomes = []
    for question in questions:
        answer = retriever.ask(typed_as(question.text, mode), k=DEPTH)
        outcomes.append(EvaluatedQuestion(question, answer, judge(question, answer)))
        progress(1)
    totals = [outcome.answer.milliseconds["total"] for outcome in outcomes] or [0.0]
    return SetReport(
        measures=compute_measures([outcome.judgement for outcome in outcomes]),
        queries=len(outcomes),
        states={
            "answerable": state_shares(o.answer.state for o in outcomes if o.question.gold),
            "unanswerable": state_shares(o.answer.state for o in outcomes if not o.question.gold),
        },
        highlight=_highlight_share(outcomes),
        spans=span_scores([(o.answer.span, o.question.answers) for o in outcomes if o.question.gold]),
        milliseconds={f"p{p}": round(float(np.percentile(totals, p)), 1) for p in (50, 95)},
        outcomes=tuple(outcomes),
    )


def result_of(outcome: EvaluatedQuestion, *, set_name: str, mode: Mode, failure: Failure | None) -> Result:
    """What reports and comparisons keep of an outcome."""
    answer, question = outcome.answer, outcome.question
    return Result(
        set_name=set_name,
        question_id=question.question_id,
        mode=mode,
        text=question.text,
        kind=question.kind,
        judgement=outcome.judgement,
        state=answer.state,
        confidence=answer.confidence,
        first=answer.hits[0].quote.passage_id if answer.hits else None,
        failure=failure,
    )


def judge(question: EvalQuestion, answer: Answer) -> Judgement:
    """
    Find the ranks of the right hits.

    A hit counts for the first gold that accepts it; another hit on the same gold counts as irrelevant. Golds that are
    copies of each other, shown by one hit, are one right answer.
    """
    found: dict[int, int] = {}
    copies: set[int] = set()
    for hit in answer.hits:
        accepting = [i for i, gold in enumerate(question.gold) if gold.accepts(hit)]
        if accepting:
            found.setdefault(0 if question.alternatives else accepting[0], hit.rank)
            copies.update(accepting[1:])
    relevant = min(1, len(question.gold)) if question.alternatives else len(question.gold) - len(copies - found.keys())
    return Judgement(tuple(found.values()), relevant)


def _highlight_share(outcomes: Sequence[EvaluatedQuestion]) -> float | None:
    right = [(o, o.answer.hits[o.rank - 1].quote) for o in outcomes if o.rank and o.question.answers]
    holds_answer = [o.question.answered_by(quote.text[slice(*quote.highlight)]) for o, quote in right]
    return round(sum(holds_answer) / len(holds_answer), 4) if holds_answer else None


def state_shares(states: Iterable[State]) -> dict[str, float]:
    """The share of each state, in [0, 1]; zeros when there are no states."""
    counts = Counter(states)
    total = counts.total()
    return {state: round(counts[state] / total, 4) if total else 0.0 for state in STATES}
