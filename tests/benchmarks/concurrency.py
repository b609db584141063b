"""
Compare twenty concurrent questions with the same twenty asked in sequence.

    .venv/bin/python -m tests.benchmarks.concurrency INDEX [--rounds 11]

Writes `results/at-once.json`: of each round the ratio of the two, for the encoder alone and for whole answers. Every
question is asked with a word of its own at its end, so that nothing is remembered from the time before.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from embeddings import load_encoder
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import RESULTS, about

AT_ONCE = 20
QUESTIONS = Path(__file__).parents[1] / "paraphrase-held-out.jsonl"


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=11)
    given = parser.parse_args()
    manifest = open_place(given.index).manifest()
    encoder = load_encoder(manifest.model, precision=manifest.precision)
    retriever = Retriever(given.index, encoder)
    asked = itertools.count()

    def fresh() -> list[str]:
        texts = [question.text for question in read_question_file(QUESTIONS)]
        return [f"{texts[number % len(texts)]} {number}" for number in itertools.islice(asked, AT_ONCE)]

    report = {
        **about(),
        "questions at once": AT_ONCE,
        "rounds": given.rounds,
        "encoder": _measured(lambda text: encoder.encode_queries([text]), fresh, given.rounds),
        "answers": _measured(retriever.ask, fresh, given.rounds),
        "load average of the machine, over a minute": round(os.getloadavg()[0], 1),
    }
    text = json.dumps(report, indent=1, ensure_ascii=False)
    print(text)
    (RESULTS / "at-once.json").write_text(f"{text}\n", encoding="utf-8")


def _measured(work: Callable[[str], object], fresh: Callable[[], list[str]], rounds: int) -> dict[str, object]:
    """Medians of the rounds: milliseconds of both ways, and the ratio of the two within a round."""
    for text in fresh():
        work(text)
    single, together = [], []
    for _ in range(rounds):
        single.append(_timed(lambda texts: [work(text) for text in texts], fresh()))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            together.append(_timed(lambda texts, pool=pool: list(pool.map(work, texts)), fresh()))
    ratios = sorted(both / alone for both, alone in zip(together, single, strict=True))
    return {
        "one after the other, ms": round(median(single), 1),
        "at once, ms": round(median(together), 1),
        "ratio": round(median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


def _timed(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    begun = time.perf_counter()
    work(texts)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
