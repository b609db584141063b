"""
RR@10 on the development sets, full and bare, asked through the same runners as the measurement of speed.

Nothing here is timed, so two contestants run at once with a thread each. A peer's index of a set is used again while
the peer, the model and the set are the same; this project's is built anew from kept vectors, since its code changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from retrieval.evaluation.evaluate import without_marks
from retrieval.evaluation.judgement import Judgement, measured
from retrieval.evaluation.question_set import spread
from retrieval.evaluation.questions import EvalQuestion, read_beir_questions
from tests.benchmarks.peers.contestant import Contestant
from tests.benchmarks.peers.conversation import Conversation
from tests.benchmarks.peers.environment import Environment
from tests.benchmarks.peers.figure import Figure
from tests.benchmarks.peers.speed import DEPTH, model_folder
from tests.benchmarks.peers.workload import SETS, Workload


@dataclass(frozen=True, slots=True)
class Quality:
    """
    Asks contestants the questions of the development sets.

    Args:
        folder: where indexes and vectors are kept from run to run.
        only_kept: leave out a set that a peer has no index of, because making one takes minutes.
    """

    environments: dict[Contestant, Environment]
    workload: Workload
    folder: Path
    only_kept: bool
    tell: Callable[[str], None]

    def measured(self) -> tuple[dict[str, dict[str, Figure]], dict[str, int]]:
        """Contestant -> "set/mode" -> RR@10, and how many questions each set was asked."""
        sets = {name: read_beir_questions(self.workload.shared / "eval" / name) for name in SETS if self._is_due(name)}
        if self.workload.limit is not None:
            sets = {name: spread(questions, self.workload.limit) for name, questions in sets.items()}
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = pool.map(lambda contestant: self._of(contestant, sets), self.environments)
            figures = {contestant.name: each for contestant, each in zip(self.environments, found, strict=True)}
        return figures, {name: len(questions) for name, questions in sets.items()}

    def _of(self, contestant: Contestant, sets: dict[str, list[EvalQuestion]]) -> dict[str, Figure]:
        figures: dict[str, Figure] = {}
        for name, questions in sets.items():
            self._index(contestant, name)
            self.tell(f"{contestant.title} answers {name}")
            with self._conversation(contestant) as conversation:
                conversation.say("open", folder=self._home(contestant, name))
                for mode in ("full", "bare"):
                    asked = [without_marks(q.text) if mode == "bare" else q.text for q in questions]
                    found = [conversation.say("ask", question=text, k=DEPTH)["places"] for text in asked]
                    figures[f"{name}/{mode}"] = Figure((reciprocal_rank(questions, found),))
        return figures

    def _index(self, contestant: Contestant, name: str) -> None:
        home, seal = self._home(contestant, name), self._seal(contestant, name)
        if contestant.packages and self._is_kept(contestant, name):
            return
        shutil.rmtree(home, ignore_errors=True)
        self.tell(f"{contestant.title} indexes {name}")
        with self._conversation(contestant) as conversation:
            conversation.say("load")
            conversation.say("index", corpus=self.workload.shared / "eval" / name, folder=home)
        seal.write_text(self._made_of(contestant, name), encoding="utf-8")

    def _is_due(self, name: str) -> bool:
        return not self.only_kept or all(self._is_kept(contestant, name) for contestant in self.environments)

    def _is_kept(self, contestant: Contestant, name: str) -> bool:
        seal = self._seal(contestant, name)
        if not seal.exists():
            return False
        # This project's index is always built anew; kept are its vectors, which know by themselves what is stale.
        return not contestant.packages or seal.read_text(encoding="utf-8") == self._made_of(contestant, name)

    def _made_of(self, contestant: Contestant, name: str) -> str:
        parts = (
            json.dumps(self.environments[contestant].versions()).encode(),
            contestant.script.read_bytes(),
            (contestant.script.parent / "talk.py").read_bytes(),
            (self.workload.shared / "eval" / name / "corpus.jsonl").read_bytes(),
            model_folder().name.encode(),
        )
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def _conversation(self, contestant: Contestant) -> Conversation:
        vectors = self.folder / "vectors.sqlite"
        return Conversation(self.environments[contestant], [contestant.script, model_folder(), vectors], threads=1)

    def _home(self, contestant: Contestant, name: str) -> Path:
        return self.folder / f"{contestant.name}-{name}"

    def _seal(self, contestant: Contestant, name: str) -> Path:
        return self.folder / f"{contestant.name}-{name}.made-of"


def reciprocal_rank(questions: list[EvalQuestion], found: list[list[list[str]]]) -> float:
    """RR@10 of the places that were found for each question; a place holds the names of records."""
    judgements = [
        Judgement(tuple(_ranks({gold.source for gold in question.gold}, places)), len(question.gold))
        for question, places in zip(questions, found, strict=True)
    ]
    return measured(judgements, ["RR@10"])["RR@10"]


def _ranks(right: set[str], places: list[list[str]]) -> list[int]:
    return [rank for rank, names in enumerate(places, 1) if right & set(names)][:1]
