"""
Make a question set of impossible questions, written to look answerable, beside answerable ones.

    .venv/bin/python -m tests.benchmarks.cross_encoder.impossible_set EVAL NEAR

Writes `NEAR/impossible`: machine-translated questions of SQuAD 2 whose passage does not answer them, and questions of
two development sets, over all passages of both. The cross-encoder was trained on none of these questions, nor on
passages that answer them: `held_back.txt` has the sha256 of each impossible one, shortened.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.cross_encoder.pairs import DevelopmentSet, is_held_back
from tests.benchmarks.near_topic_sets import read_records, write_set

ANSWERABLE = ("viquad-dev", "mlqa-vi")
_OF_EACH = 250  # answerable questions


def main() -> None:
    """Writes the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("near", type=Path)
    arguments = parser.parse_args()
    rows = read_records(arguments.sets / "answerability" / "squad2-impossible-vi.jsonl")
    asked = [row for row in rows if is_held_back(row["question"])]
    passages = {text: f"squad-{number}" for number, text in enumerate(dict.fromkeys(row["passage"] for row in asked))}
    corpus: list[dict[str, Any]] = [{"_id": name, "title": "", "text": text} for text, name in passages.items()]
    queries: list[dict[str, Any]] = []
    graded: list[tuple[str, str, str]] = []
    for number, row in enumerate(asked):
        queries.append({"_id": f"impossible-{number}", "text": row["question"]})
        graded.append((f"impossible-{number}", passages[row["passage"]], "0"))
    for name in ANSWERABLE:
        one = DevelopmentSet(arguments.sets / name)
        corpus += read_records(one.folder / "corpus.jsonl")
        chosen = [question for question in one.questions if one.judges(question)]
        for question in Random(0).sample(chosen, min(_OF_EACH, len(chosen))):  # noqa: S311 - no secret
            queries.append({"_id": question.question_id, "text": question.text})
            graded += [(question.question_id, gold.source, "1") for gold in question.gold]
    sys.stdout.write(f"{write_set(arguments.near / 'impossible', corpus, queries, graded)}\n")


if __name__ == "__main__":
    main()
