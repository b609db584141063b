"""
The Judgement: at which ranks a question's right answers stand, and how many there are; measures are taken from it.

Apart from `evaluate` because written reports hold judgements too, and are measured again where two are compared.
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
    """Of a question that cannot be answered, `relevant` is 0."""

    ranks: tuple[int, ...]  # at which one more right answer stands, ascending from 1
    relevant: int  # right answers that there are

    @property
    def rank(self) -> int:
        """The rank of the first right answer, 0 when none was found."""
        return self.ranks[0] if self.ranks else 0


def compute_measures(judgements: Sequence[Judgement], names: Sequence[str] = MEASURES) -> dict[str, float]:
    """The measures by name, means over the answerable questions, in [0, 1]; zeros when there is none."""
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
