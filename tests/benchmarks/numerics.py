"""
Compare the vectors and search results of the four encoder variants.

Shows which of them may share an index.

Shows which of them may share an index.

    .venv/bin/python -m tests.benchmarks.numerics ARTICLES --passages 300 --questions 100

Writes `results/numerics.json`. The passages are news paragraphs, the questions the first sentences of others of them:
what is compared is not how good the answers are but whether they are the same.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from embeddings.engine import ENGINES
from embeddings.precision import Precision
from tests.benchmarks.__main__ import RESULTS, about

K = 10
_PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")  # those of CPUs


def main() -> None:
    """Encodes, compares, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=300)
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    texts = list(
        islice(_paragraphs(arguments.folder / "baomoi2017.jsonl.gz"), arguments.passages + arguments.questions)
    )
    passages, others = texts[: arguments.passages], texts[arguments.passages :]
    report = {**about(), "passages": len(passages), "questions": len(others)}
    report |= measured(passages, [text.partition(". ")[0][:200] for text in others])
    (RESULTS / "numerics.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def measured(passages: list[str], questions: list[str]) -> dict[str, object]:
    """The lowest and mean cosines of each pair of ways, and how much of the first ten places they share."""
    ways = {}
    asked = {}
    for engine, precision in itertools.product(ENGINES, _PRECISIONS):
        encoder = load_encoder(engine=engine, precision=precision)
        ways[f"{engine} {precision}"] = encoder.encode_passages(passages)
        # One by one, as they are asked: in a batch bfloat16 is rounded otherwise, which is compared too.
        asked[f"{engine} {precision}"] = np.concatenate([encoder.encode_queries([question]) for question in questions])
        asked[f"{engine} {precision}, {len(questions)} at once"] = load_encoder(
            engine=engine, precision=precision
        ).encode_queries(questions)
    first = f"{ENGINES[0]} float32"
    pairs = itertools.combinations(ways, 2)
    return {
        "questions_cosine": {f"{first} / {way}": _cosines(asked[first], vectors) for way, vectors in asked.items()},
        "passages_cosine": {f"{one} / {other}": _cosines(ways[one], ways[other]) for one, other in pairs},
        "found": {
            f"questions by {way} in passages by {other}": _shared(asked[first], ways[first], vectors, held)
            for (way, vectors), (other, held) in itertools.product(asked.items(), ways.items())
        },
    }


def _cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> dict[str, float]:
    cosines = (one.astype(np.float64) * other).sum(axis=1)
    return {"lowest": round(float(cosines.min()), 6), "mean": round(float(cosines.mean()), 6)}


def _shared(
    questions: NDArray[np.float32],
    passages: NDArray[np.float32],
    other_questions: NDArray[np.float32],
    other_passages: NDArray[np.float32],
) -> dict[str, float]:
    """The share of equal first places, and of the first ten that are among the other's first ten."""
    one, other = (
        np.argsort(-(q @ p.T), axis=1, kind="stable")[:, :K]
        for q, p in ((questions, passages), (other_questions, other_passages))
    )
    common = [len(set(a) & set(b)) / K for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    return {"first": round(float((one[:, 0] == other[:, 0]).mean()), 4), "ten": round(float(np.mean(common)), 4)}


def _paragraphs(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from (text.strip() for text in json.loads(line)["paragraphs"] if len(text) > 60)


if __name__ == "__main__":
    main()
