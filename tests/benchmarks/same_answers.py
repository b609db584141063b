"""
Byte-for-byte comparison of what two versions of the program answer.

    .venv/bin/python -m tests.benchmarks.same_answers record SETS --work DIR OUT.jsonl
    .venv/bin/python -m tests.benchmarks.same_answers compare OLD.jsonl NEW.jsonl [--within 1e-9]

`record` asks 120 questions of each BEIR folder in SETS and those of `tests/seeds-dev.jsonl`, full and bare, and writes
one line a question: the whole ranking, every score as the hexadecimal of its float, the state, the quotes with their
highlights, and the bot's message in both languages. `compare` names what differs and exits with 1. To compare two
commits, run `record` in a worktree of each with the same DIR, whose cache of vectors then serves both.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.messages.answer_message import answer_message
from bot.messages.en import EN
from bot.messages.vi import VI
from embeddings import load_encoder
from retrieval.answering.answer import Answer, to_json
from retrieval.evaluation.mode import strip_diacritics
from retrieval.evaluation.question_set import read_sets, spread
from retrieval.evaluation.questions import EvalQuestion, read_question_file
from retrieval.index.opening import open_place
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.support.silent_progress import SilentProgress

ROOT = Path(__file__).parents[2]
LIMIT = 120  # questions of a set, evenly spread
DEPTH = 10  # quotes of an answer
DIFFERENCES = 20  # named one by one
_FLOAT = re.compile(r"-?0x[01]\.[0-9a-f]+p[+-]\d+")


def main() -> None:
    """Records or compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    recording = actions.add_parser("record")
    recording.add_argument("sets", type=Path)
    recording.add_argument("out", type=Path)
    recording.add_argument("--work", type=Path, required=True)
    comparing = actions.add_parser("compare")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--within", type=float, default=0.0, help="scores may differ by so much")
    arguments = parser.parse_args()
    if arguments.action == "record":
        record(arguments.sets, arguments.work, arguments.out)
    else:
        sys.exit(compare(arguments.old, arguments.new, arguments.within))


def record(sets: Path, work: Path, out: Path) -> None:
    """Writes a line for each question of each set, full and bare."""
    with out.open("w", encoding="utf-8") as stream:
        for name, retriever, questions in _opened(sets, work):
            for question in questions:
                for mode, text in (("full", question.text), ("bare", strip_diacritics(question.text))):
                    key = f"{name}/{question.question_id}/{mode}"
                    stream.write(json.dumps({"key": key, **_written(retriever, text)}, ensure_ascii=False) + "\n")


def compare(old: Path, new: Path, within: float) -> int:
    """Names the questions whose lines differ by more than `within` in any score; the exit code."""
    before, after = _lines(old), _lines(new)
    keys = sorted(before.keys() | after.keys())
    different = [key for key in keys if not _is_same(before.get(key), after.get(key), within)]
    for key in different[:DIFFERENCES]:
        one, other = before.get(key, {}), after.get(key, {})
        fields = [
            name for name in sorted(one.keys() | other.keys()) if not _is_same(one.get(name), other.get(name), within)
        ]
        sys.stdout.write(f"{key}: {', '.join(fields)}\n")
    sys.stdout.write(f"{len(before)} and {len(after)} questions, {len(different)} differ\n")
    return 1 if different or not before else 0


def _opened(sets: Path, work: Path) -> Iterator[tuple[str, Retriever, list[EvalQuestion]]]:
    encoder = load_encoder()
    found, _ = read_sets(sets)
    for one in found:
        if one.documents is not None:
            index, cache = work / one.name, work / one.name / "embeddings.sqlite"
            open_place(index).build(
                one.documents, encoder, root=None, model=None, progress=SilentProgress(), cache=cache
            )
            yield one.name, Retriever(index, encoder), spread(one.questions, LIMIT)
    seeds = walk([ROOT / "seeds"])
    open_place(work / "seeds").build(seeds, encoder, root=seeds.root, model=None, progress=SilentProgress())
    yield "seeds", Retriever(work / "seeds", encoder), read_question_file(ROOT / "tests" / "seeds-dev.jsonl")


def _written(retriever: Retriever, text: str) -> dict[str, object]:
    ranking, answer = retriever.rank(text), retriever.ask(text, k=DEPTH)
    return {
        "ranking": [(place.candidate.passage.passage_id, place.score.hex()) for place in ranking.places],
        "confidence": answer.confidence.hex(),
        "scores": [hit.score.hex() for hit in answer.hits],
        "answer": _timeless(answer),
        "messages": [answer_message(answer, words).html for words in (VI, EN)],
    }


def _timeless(answer: Answer) -> dict[str, object]:
    return {name: value for name, value in to_json(answer).items() if name != "ms"}


def _is_same(one: object, other: object, within: float) -> bool:
    """Whether two values are equal, but for floats in hexadecimal that differ by `within` at most."""
    if isinstance(one, str) and isinstance(other, str) and _FLOAT.fullmatch(one) and _FLOAT.fullmatch(other):
        return abs(float.fromhex(one) - float.fromhex(other)) <= within
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key], within) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_is_same(a, b, within) for a, b in zip(one, other, strict=True))
    return one == other


def _lines(path: Path) -> dict[str, dict[str, object]]:
    found = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {one["key"]: one for one in found}


if __name__ == "__main__":
    main()
