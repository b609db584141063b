"""
RR@10 on the development sets, full and bare, through the same runners.

Nothing here is timed, so two contestants run at once with a thread each.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from retrieval.evaluation.judgement import Judgement, compute_measures
from retrieval.evaluation.mode import strip_diacritics
from retrieval.evaluation.question_set import spread
from retrieval.evaluation.questions import EvalQuestion, read_beir_questions
from tests.benchmarks.peers.contestant import Contestant
from tests.benchmarks.peers.conversation import Conversation
from tests.benchmarks.peers.environment import Environment
from tests.benchmarks.peers.figure import Figure
from tests.benchmarks.peers.index_store import IndexStore, model_folder
from tests.benchmarks.peers.workload import DEPTH, SETS, Workload


@dataclass(frozen=True, slots=True)
class Quality:
    """
    Asks contestants the questions of the development sets.

    Args:
        kept: the indexes of the sets.
        only_kept: leave out a set that a peer has no index of, because making one takes minutes.
    """

    environments: dict[Contestant, Environment]
    workload: Workload
    kept: IndexStore
    only_kept: bool
    tell: Callable[[str], None]

    def measured(self) -> tuple[dict[str, dict[str, Figure]], dict[str, int]]:
        """Contestant -> "set/mode" -> RR@10, and how many questions each set was asked."""
        sets = {name: read_beir_questions(self._corpus(name)) for name in SETS if self._is_due(name)}
        if self.workload.limit is not None:
            sets = {name: spread(questions, self.workload.limit) for name, questions in sets.items()}
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = pool.map(lambda contestant: self._of(contestant, sets), self.environments)
            figures = {contestant.name: each for contestant, each in zip(self.environments, found, strict=True)}
        return figures, {name: len(questions) for name, questions in sets.items()}

    def _of(self, contestant: Contestant, sets: dict[str, list[EvalQuestion]]) -> dict[str, Figure]:
        figures: dict[str, Figure] = {}
        for name, questions in sets.items():
            self.kept.make(contestant, self._corpus(name), threads=1)
            self.tell(f"{contestant.title} answers {name}")
            arguments = [contestant.script, model_folder()]
            with Conversation(self.environments[contestant], arguments, threads=1) as conversation:
                conversation.say("open", folder=self.kept.path(contestant, self._corpus(name)))
                for mode in ("full", "bare"):
                    asked = [strip_diacritics(q.text) if mode == "bare" else q.text for q in questions]
                    found = [conversation.say("ask", question=text, k=DEPTH)["places"] for text in asked]
                    figures[f"{name}/{mode}"] = Figure((reciprocal_rank(questions, found),))
        return figures

    def _is_due(self, name: str) -> bool:
        return not self.only_kept or all(self.kept.is_kept(one, self._corpus(name)) for one in self.environments)

    def _corpus(self, name: str) -> Path:
        return self.workload.shared / "eval" / name


def reciprocal_rank(questions: list[EvalQuestion], found: list[list[list[str]]]) -> float:
    """RR@10 of the places that were found for each question; a place holds the names of records."""
    judgements = [
        Judgement(tuple(_ranks({gold.source for gold in question.gold}, places)), len(question.gold))
        for question, places in zip(questions, found, strict=True)
    ]
    return compute_measures(judgements, ["RR@10"])["RR@10"]


def _ranks(right: set[str], places: list[list[str]]) -> list[int]:
    return [rank for rank, names in enumerate(places, 1) if right & set(names)][:1]
