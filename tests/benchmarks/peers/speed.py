"""
Time and memory in rounds: every contestant takes its turn in each.

One works while the others wait for their next request. Who is first changes from round to round.
"""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.benchmarks.peers.contestant import Contestant
from tests.benchmarks.peers.conversation import Conversation
from tests.benchmarks.peers.environment import Environment
from tests.benchmarks.peers.figure import Figure
from tests.benchmarks.peers.index_store import IndexStore, model_folder
from tests.benchmarks.peers.workload import DEPTH, Workload

WARM_UP = 5  # questions before the timed ones
_REST = 0.01  # seconds after an answer: threads of the one that answered still spin for some milliseconds


@dataclass(frozen=True, slots=True)
class Speed:
    """
    Measures contestants.

    Args:
        environments: of every contestant, in the order of the table.
        kept: the indexes that questions are asked of.
        folder: for what is indexed anew; empty at first.
        tell: where the run is.
    """

    environments: dict[Contestant, Environment]
    workload: Workload
    kept: IndexStore
    folder: Path
    tell: Callable[[str], None]
    _values: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def measured(self) -> dict[str, dict[str, Figure]]:
        """Contestant -> key of a kind -> figure."""
        whole = self.workload.write_news(self.folder / f"news-{self.workload.passages}", self.workload.passages)
        part = self.workload.write_news(self.folder / "slice", self.workload.slice)
        questions = self.workload.speed_questions()
        for contestant in self.environments:
            self.kept.make(contestant, whole)
        for round_ in range(self.workload.rounds):
            self.tell(f"round {round_ + 1} of {self.workload.rounds}")
            turns = _rotated(list(self.environments), round_)
            self._answer(turns, whole, questions)
            for contestant in turns:
                self._index(contestant, part, self.folder / f"{contestant.name}-{round_}")
                if not contestant.packages:
                    self._note(contestant, "command", self._command(contestant, whole, questions[0]))
        return {
            contestant: {key: Figure(tuple(values)) for key, values in kinds.items()}
            for contestant, kinds in self._values.items()
        }

    def _answer(self, turns: Sequence[Contestant], corpus: Path, questions: Sequence[str]) -> None:
        with ExitStack() as stack:
            conversations = {}
            for contestant in turns:
                start = time.perf_counter()
                conversation = stack.enter_context(self._conversation(contestant))
                conversation.say("open", folder=self.kept.path(contestant, corpus))
                conversation.say("ask", question=questions[0], k=DEPTH)
                self._note(contestant, "start", time.perf_counter() - start)
                conversations[contestant] = conversation
            spent: dict[Contestant, list[float]] = {contestant: [] for contestant in turns}
            for question in [*questions[:WARM_UP], *questions]:
                for contestant, conversation in conversations.items():
                    start = time.perf_counter()
                    conversation.say("ask", question=question, k=DEPTH)
                    spent[contestant].append(1000 * (time.perf_counter() - start))
                    time.sleep(_REST)
            for contestant, conversation in conversations.items():
                for percentile in (50, 95, 99):
                    value = float(np.percentile(spent[contestant][WARM_UP:], percentile))
                    self._note(contestant, f"p{percentile}", value)
                self._note(contestant, "serving_memory", conversation.say("peak")["megabytes"])

    def _index(self, contestant: Contestant, corpus: Path, folder: Path) -> None:
        """A process that loads the model, indexes, and then encodes the same passages once more by themselves."""
        with self._conversation(contestant) as conversation:
            conversation.say("load")
            done = conversation.say("index", corpus=corpus, folder=folder)
            self._note(contestant, "indexing", self.workload.slice / done["seconds"])
            self._note(contestant, "indexing_memory", conversation.say("peak")["megabytes"])
            done = conversation.say("encode", corpus=corpus)
            self._note(contestant, "encoding", done["texts"] / done["seconds"])

    def _command(self, contestant: Contestant, corpus: Path, question: str) -> float:
        """Seconds of `trichdan ask`, with all that the command line adds to the runner."""
        environment = self.environments[contestant]
        start = time.perf_counter()
        index = self.kept.path(contestant, corpus)
        asked = [environment.python, "-m", "retrieval", "ask", "--index", index, "--", question]
        done = subprocess.run(asked, check=False, capture_output=True, env=environment.variables)
        if done.returncode not in {0, 1}:  # 1: the news do not answer
            raise subprocess.CalledProcessError(done.returncode, asked, done.stdout, done.stderr)
        return time.perf_counter() - start

    def _conversation(self, contestant: Contestant) -> Conversation:
        return Conversation(self.environments[contestant], [contestant.script, model_folder()])

    def _note(self, contestant: Contestant, key: str, value: float) -> None:
        self._values[contestant.name][key].append(value)


def _rotated(contestants: list[Contestant], places: int) -> list[Contestant]:
    start = places % len(contestants)
    return contestants[start:] + contestants[:start]
