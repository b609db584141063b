"""
Learn the ranker's weights from the development sets.

Reports what they are worth on held-out sets.

    .venv/bin/python -m tests.benchmarks.train_ranker SETS --work DIR

Writes `retrieval/ranking/weights.json`. `--kept` fits the features that an earlier run left in DIR.

The model is a conditional logit (McFadden 1974): of a question's candidates, the probability that one answers is the
softmax of its weighted features. Each set counts alike, each question is asked full and bare.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from retrieval.evaluation.calibrating import conditional_logit
from retrieval.evaluation.mode import strip_diacritics
from retrieval.evaluation.questions import read_beir_corpus, read_beir_questions
from retrieval.index.opening import open_place
from retrieval.ranking.features import NAMES
from retrieval.retriever import Retriever
from tests.support.silent_progress import SilentProgress

SETS = ("viquad-dev", "mlqa-vi", "alqac")
FEATURES_FILE = "evidence.npz"  # in each set's folder
WEIGHTS = Path(__file__).parents[2] / "retrieval" / "ranking" / "weights.json"
RIDGE = 1.3e-2  # from 0.01 to 0.05 the figures of the sets left out differ by 0.005 at most


@dataclass(frozen=True, slots=True)
class Examples:
    """One set: features (candidates, len(NAMES)), right (candidates,), question (candidates,), bare (questions,)."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    question: NDArray[np.int64]
    bare: NDArray[np.bool_]

    def write(self, path: Path) -> None:
        """Keeps them, for `ablation`."""
        np.savez(path, features=self.features, right=self.right, question=self.question, bare=self.bare)

    @classmethod
    def read(cls, path: Path) -> Examples:
        """What `write` kept."""
        stored = np.load(path)
        return cls(*(stored[field.name] for field in fields(cls)))


def main() -> None:
    """Collects, validates, fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--kept", action="store_true")
    arguments = parser.parse_args()
    sets = {
        name: Examples.read(arguments.work / name / FEATURES_FILE)
        if arguments.kept
        else collect(arguments.folder / name, arguments.work / name)
        for name in SETS
    }
    validation = {}
    for name, held_out in sets.items():
        weights = fit([examples for other, examples in sets.items() if other != name])
        validation[name] = mean_reciprocal_rank(held_out, weights)
    weights = fit(list(sets.values()))
    report = {
        "model": "conditional logit over retrieval.ranking.features",
        "command": "python -m tests.benchmarks.train_ranker SETS --work DIR",
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        "RR@10 of each set by weights learned from the others": validation,
        "RR@10 of each set by these weights": {name: mean_reciprocal_rank(s, weights) for name, s in sets.items()},
    }
    WEIGHTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def collect(folder: Path, work: Path) -> Examples:
    """The features of the candidates of every question of a set, asked full and bare."""
    encoder = load_encoder()
    open_place(work).build(read_beir_corpus(folder), encoder, root=None, model=None, progress=SilentProgress())
    retriever = Retriever(work, encoder)
    features, right, question, bare = [], [], [], []
    for item in read_beir_questions(folder):
        gold = {answer.source for answer in item.gold}
        for text in (item.text, strip_diacritics(item.text)):
            for ranked in retriever.rank(text).places:
                features.append(ranked.features.values())
                right.append(ranked.candidate.passage.doc_id in gold)
                question.append(len(bare))
            bare.append(text != item.text)
    examples = Examples(np.array(features), np.array(right), np.array(question), np.array(bare))
    examples.write(work / FEATURES_FILE)
    sys.stderr.write(f"{folder.name}: {len(examples.bare)} questions\n")
    return examples


def fit(sets: list[Examples], ridge: float = RIDGE) -> NDArray[np.float64]:
    """The weights (len(NAMES),) that make the right candidates likeliest."""
    return conditional_logit.fit(
        [
            conditional_logit.Choices(
                evidence=examples.features,
                offset=np.zeros(len(examples.features)),
                right=examples.right,
                question=examples.question,
            )
            for examples in sets
        ],
        ridge=ridge,
    )


def mean_reciprocal_rank(examples: Examples, weights: NDArray[np.float64]) -> dict[str, float]:
    """RR@10 of the full and of the bare questions."""
    scores = examples.features @ weights
    found = np.zeros(len(examples.bare))
    for number in range(len(examples.bare)):
        mine = np.flatnonzero(examples.question == number)
        rank_candidates = mine[np.argsort(-scores[mine], kind="stable")][:10]
        places = np.flatnonzero(examples.right[rank_candidates])
        found[number] = 1 / (places[0] + 1) if len(places) else 0.0
    return {
        name: round(float(found[chosen].mean()), 4)
        for name, chosen in (("full", ~examples.bare), ("bare", examples.bare))
    }


if __name__ == "__main__":
    main()
