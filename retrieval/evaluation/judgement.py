"""
The ranks of a question's right answers, and the measures computed from them.

Written reports hold judgements too, so that two reports can be measured over the same questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures

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
