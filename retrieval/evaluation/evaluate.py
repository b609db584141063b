"""
Runs a question set through a Retriever and measures what comes back.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np

from retrieval.answer import Answer
from retrieval.evaluation.questions import EvalQuestion
from retrieval.ranking.confidence import State
from retrieval.retriever import Retriever

MEASURES = tuple(ir_measures.parse_measure(name) for name in ("RR@10", "nDCG@10", "R@1", "R@3", "R@10"))
STATES: tuple[State, ...] = ("found", "weak", "none")
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, its answer, and the rank of its first right hit (0: none in the first ten)."""

    question: EvalQuestion
    answer: Answer
    rank: int


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a set; the measures are means over the answerable questions, in [0, 1]."""

    measures: dict[str, float]
    queries: int
    states: dict[str, dict[str, float]]  # "answerable", "unanswerable" -> share in each state
    highlight: float | None  # share of right passages whose highlight holds an answer; None if the set has none
    milliseconds: dict[str, float]  # p50 and p95 of a question
    outcomes: tuple[Outcome, ...]

    def to_json(self) -> dict[str, object]:
        """The contract of `trichdan eval --json`."""
        return {
            **{name: round(value, 4) for name, value in self.measures.items()},
            "queries": self.queries,
            "states": self.states,
            "ms": self.milliseconds,
            **({} if self.highlight is None else {"highlight": self.highlight}),
        }


def evaluate(
    retriever: Retriever,
    questions: Sequence[EvalQuestion],
    *,
    bare: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Asks every question, without its diacritics when `bare`, and measures the answers."""
    outcomes = []
    for question in questions:
        answer = retriever.ask(without_marks(question.text) if bare else question.text, k=DEPTH)
        outcomes.append(Outcome(question, answer, _first_right(question, answer)))
        progress(1)
    spent = [outcome.answer.milliseconds["total"] for outcome in outcomes] or [0.0]
    return Report(
        measures=_measures([outcome for outcome in outcomes if outcome.question.gold]),
        queries=len(outcomes),
        states={
            "answerable": _shares(o.answer.state for o in outcomes if o.question.gold),
            "unanswerable": _shares(o.answer.state for o in outcomes if not o.question.gold),
        },
        highlight=_highlighted(outcomes),
        milliseconds={f"p{p}": round(float(np.percentile(spent, p)), 1) for p in (50, 95)},
        outcomes=tuple(outcomes),
    )


def without_marks(text: str) -> str:
    """
    The text as somebody types it who leaves the diacritics out; letter case stays.
    Example: "Điện Biên" -> "Dien Bien"
    """
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def _first_right(question: EvalQuestion, answer: Answer) -> int:
    right = (hit.rank for hit in answer.hits if any(gold.accepts(hit) for gold in question.gold))
    return next(right, 0)


def _highlighted(outcomes: Sequence[Outcome]) -> float | None:
    right = [(o, o.answer.hits[o.rank - 1].quote) for o in outcomes if o.rank and o.question.answers]
    shown = [(o, quote.text[slice(*quote.highlight)].casefold()) for o, quote in right]
    held = [any(answer.casefold() in words for answer in o.question.answers) for o, words in shown]
    return round(sum(held) / len(held), 4) if held else None


def _measures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    if not outcomes:
        return {str(measure): 0.0 for measure in MEASURES}
    qrels, run = [], []
    for number, outcome in enumerate(outcomes):
        name = str(number)
        relevant, scored = _judged(outcome)
        qrels += [ir_measures.Qrel(name, document, 1) for document in relevant]
        run += [ir_measures.ScoredDoc(name, document, score) for document, score in scored]
    values = ir_measures.calc_aggregate(MEASURES, qrels, run)
    return {str(measure): float(values[measure]) for measure in MEASURES}


def _judged(outcome: Outcome) -> tuple[list[str], list[tuple[str, float]]]:
    """
    The relevant ids, and the hits' ids with scores. Hits are named by the gold that accepts them, so that
    passages need no list of judgements; a second hit on the same gold is one more irrelevant one.
    """
    gold = outcome.question.gold
    relevant = ["gold 0"] if outcome.question.alternatives else [f"gold {i}" for i in range(len(gold))]
    seen: set[str] = set()
    scored = []
    for hit in outcome.answer.hits:
        matching = next((i for i, item in enumerate(gold) if item.accepts(hit)), None)
        name = f"hit {hit.rank}"
        if matching is not None:
            name = relevant[0 if outcome.question.alternatives else matching]
            name = f"hit {hit.rank}" if name in seen else name
        seen.add(name)
        scored.append((name, -float(hit.rank)))
    return relevant, scored


def _shares(states: Iterable[State]) -> dict[str, float]:
    counts = Counter(states)
    total = counts.total()
    return {state: round(counts[state] / total, 4) if total else 0.0 for state in STATES}
