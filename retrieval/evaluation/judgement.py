"""
The ranks of a question's right answers, and the measures computed from them.

Also how well the answers that stand apart fit those of a set.

Written reports hold judgements too, so that two reports can be measured over the same questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key

MEASURES = ("RR@10", "nDCG@10", "R@1", "R@3", "R@10")
DEPTH = 10
RECALL = tuple(f"R@{k}" for k in range(1, DEPTH + 1))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The ranks of right answers; `relevant` is 0 when the question cannot be answered."""

    ranks: tuple[int, ...]  # of the right answers, ascending from 1
    relevant: int  # right answers in the corpus

    @property
    def rank(self) -> int:
        """The rank of the first right answer, 0 when none was found."""
        return self.ranks[0] if self.ranks else 0


def compute_measures(judgements: Sequence[Judgement], names: Sequence[str] = MEASURES) -> dict[str, float]:
    """
    Compute the measures by name.

    Means over the answerable questions, in [0, 1]; zeros when there are none.
    """
    answerable = [judgement for judgement in judgements if judgement.relevant]
    if not answerable:
        return dict.fromkeys(names, 0.0)
    measures = {name: ir_measures.parse_measure(name) for name in names}
    qrels, run = [], []
    for number, judgement in enumerate(answerable):
        right = {rank: f"right {i}" for i, rank in enumerate(judgement.ranks)}
        qrels += [ir_measures.Qrel(str(number), f"right {i}", 1) for i in range(judgement.relevant)]
        run += [
            ir_measures.ScoredDoc(str(number), right.get(rank, f"wrong {rank}"), -float(rank))
            for rank in range(1, DEPTH + 1)
        ]
    values = ir_measures.calc_aggregate(list(measures.values()), qrels, run)
    return {name: float(values[measure]) for name, measure in measures.items()}


@dataclass(frozen=True, slots=True)
class SpanScores:
    """
    The answers set apart, beside those of a set (Rajpurkar et al. 2016).

    `exact` and `f1` are means over the questions with a span, each with the answer that it fits best, ignoring case and
    punctuation.
    """

    shown: float  # share of the questions
    exact: float
    f1: float


def span_scores(spans: Sequence[tuple[str, Sequence[str]]]) -> SpanScores | None:
    """
    The scores of (span, answers) of each question, "" where none was shown.

    None where the set has no answers.
    """
    judged = [(span, answers) for span, answers in spans if answers]
    shown = [(_words(span), [_words(answer) for answer in answers]) for span, answers in judged if span]
    if not judged:
        return None
    count = max(len(shown), 1)
    return SpanScores(
        shown=round(len(shown) / len(judged), 4),
        exact=round(sum(span in answers for span, answers in shown) / count, 4),
        f1=round(sum(max(_f1(span, answer) for answer in answers) for span, answers in shown) / count, 4),
    )


def _words(text: str) -> list[str]:
    return [exact_key(word) for word in WORD.findall(text)]


def _f1(found: list[str], wanted: list[str]) -> float:
    """The harmonic mean of precision and recall over words."""
    common = (Counter(found) & Counter(wanted)).total()
    return 2 * common / (len(found) + len(wanted)) if common else 0.0
