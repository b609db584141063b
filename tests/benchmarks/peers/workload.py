"""
What every contestant indexes and is asked.

Speed is measured on news paragraphs, one record each; quality on the development sets, which are BEIR folders already.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retrieval.evaluation.mode import strip_diacritics
from retrieval.evaluation.question_set import spread
from retrieval.evaluation.questions import read_beir_questions

DEPTH = 10  # places of an answer
SETS = ("viquad-dev", "mlqa-vi", "alqac")


@dataclass(frozen=True, slots=True)
class Workload:
    """How much is measured; `passages` of news are what questions are asked of."""

    shared: Path  # the folder with corpora/ and eval/
    rounds: int
    passages: int
    slice: int  # passages that each round indexes anew
    questions: int  # of each round
    limit: int | None  # questions of each development set; None for all

    def speed_questions(self) -> list[str]:
        """Evenly spread over a development set; every second one without diacritics, as many staff type."""
        questions = spread(read_beir_questions(self.shared / "eval" / SETS[0]), self.questions)
        return [strip_diacritics(q.text) if place % 2 else q.text for place, q in enumerate(questions)]

    def write_news(self, folder: Path, passages: int) -> Path:
        """The first paragraphs of the news as a `corpus.jsonl` in the folder; returns the folder."""
        folder.mkdir(parents=True)
        lines = [json.dumps(record, ensure_ascii=False) for record in islice(self._news(), passages)]
        (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    def _news(self) -> Iterator[dict[str, str]]:
        with gzip.open(self.shared / "corpora" / "baomoi2017.jsonl.gz", "rt", encoding="utf-8") as file:
            for line in file:
                article = json.loads(line)
                for number, text in enumerate(filter(str.strip, article["paragraphs"]), 1):
                    yield {"_id": f"{article['id']}#{number}", "title": article["title"], "text": text}
