"""
What the shipped weights and confidence are worth with other models, beside those learned with each model.

    .venv/bin/python -m tests.benchmarks.other_models SETS MODEL… --work DIR

SETS holds BEIR folders (viquad-dev, alqac); each MODEL is a folder or hub name. Questions are asked in both ways: as
they are, and with their right passages taken away from the candidates. What is learned with a model is judged on the
half of the questions that it was not learned from. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from embeddings import load_encoder
from retrieval.evaluation.calibrating import anchored_logistic, conditional_logit
from retrieval.evaluation.calibrating.calibrate import choices, log_odds
from retrieval.evaluation.calibrating.example import Example, collect
from retrieval.evaluation.provenance import commit
from retrieval.evaluation.questions import EvalQuestion, read_beir_corpus, read_beir_questions
from retrieval.index.opening import open_place
from retrieval.ranking import confidence, features
from retrieval.ranking.confidence import SHOWN_PASSAGES, lowest
from retrieval.ranking.learned.calibration import Calibration, LogisticModel, shipped_calibration
from retrieval.retriever import Retriever
from tests.benchmarks.train_ranker import RIDGE
from tests.support.silent_progress import SilentProgress

SETS = ("viquad-dev", "alqac")
CONFIDENCE_RIDGE = 1e-3
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Collects, learns and compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=400, help="questions of each set")
    arguments = parser.parse_args()
    report: dict[str, object] = {"commit": commit(ROOT), "machine": platform.processor() or platform.machine()}
    for model in arguments.models:
        asked = {
            name: ask(arguments.folder / name, arguments.work / Path(model).name / name, model, arguments.limit)
            for name in SETS
        }
        report[model] = compare(asked)
        sys.stderr.write(f"{model}: {json.dumps(report[model])}\n")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def ask(folder: Path, work: Path, model: str, limit: int) -> list[Example]:
    """The examples of a set's questions, evenly spread."""
    name = None if model == "bundled" else model
    encoder = load_encoder(name)
    open_place(work).build(read_beir_corpus(folder), encoder, root=None, model=name, progress=SilentProgress())
    questions: Sequence[EvalQuestion] = [question for question in read_beir_questions(folder) if question.gold]
    return collect(Retriever(work, encoder), questions[:: max(1, len(questions) // limit)])


def compare(asked: dict[str, list[Example]]) -> dict[str, object]:
    """The shipped calibration, and one learned with the model, on each set."""
    shipped = shipped_calibration()
    # Neighbours are of the same article, so that halves are the first questions and the last.
    halves: tuple[list[Example], list[Example]] = ([], [])
    for examples in asked.values():
        for example in examples:
            halves[_half(example, examples)].append(example)
    own = [learned(halves[1]), learned(halves[0])]
    return {
        name: {
            "shipped": figures([(example, shipped) for example in examples]),
            "own": figures([(example, own[_half(example, examples)]) for example in examples]),
            "share of the lead": lead_shares(examples),
        }
        for name, examples in asked.items()
    }


def _half(example: Example, examples: Sequence[Example]) -> int:
    return int(2 * example.question > examples[-1].question)


def lead_shares(examples: Sequence[Example]) -> dict[str, float]:
    """How much of the first passage's lead over the fourth cosines and MaxSim scores make up, by shipped weights."""
    weights = shipped_calibration().weights
    names = np.array(features.NAMES)
    dense = {"cosine": np.isin(names, ("cosine", "second")), "near": names == "near"}
    shares = []
    for answerable in (True, False):
        leads, parts = 0.0, np.zeros(len(names))
        for example in examples:
            if example.answerable is answerable and len(example.places) > SHOWN_PASSAGES:
                first, fourth = example.order(weights)[[0, SHOWN_PASSAGES]]
                scores = example.scores(weights)
                part = (example.evidence[first] - example.evidence[fourth]) * np.array([weights[n] for n in names])
                leads += scores[first] - scores[fourth]
                parts += part
        shares.append(parts / leads)
    mean = np.mean(shares, axis=0)
    return {name: round(float(mean[which].sum()), 3) for name, which in dense.items()}


def learned(examples: list[Example]) -> Calibration:
    """Weights and confidence learned from nothing but these examples, as `train_ranker` and `train_confidence` do."""
    asked = [example for example in examples if example.answerable]
    weights = conditional_logit.fit([choices(asked)], ridge=RIDGE)
    named = dict(zip(features.NAMES, weights.tolist(), strict=True))
    rows = np.array([example.judged_by(named) for example in examples])
    labels = np.array([example.is_shown(named) for example in examples])
    start = np.zeros(1 + len(confidence.NAMES))
    intercept, *slopes = anchored_logistic.fit(rows, labels, start, ridge=CONFIDENCE_RIDGE).tolist()
    model = LogisticModel(intercept, dict(zip(confidence.NAMES, slopes, strict=True)))
    return Calibration(named, model, model)


def figures(judged: Sequence[tuple[Example, Calibration]]) -> dict[str, float]:
    """RR@10 full and bare; area under the ROC curve and shares of states."""
    ranks = {
        mode: [e.rank(c.weights) for e, c in judged if e.mode == mode and not e.removed and e.answerable]
        for mode in ("full", "bare")
    }
    odds = np.array([log_odds(example, calibration) for example, calibration in judged])
    sure = 1 / (1 + np.exp(-odds))
    answerable = np.array([example.answerable for example, _ in judged])
    return {
        **{f"RR@10 {mode}": mean_reciprocal(own) for mode, own in ranks.items()},
        "AUC": round(float(roc_auc_score(answerable, odds)), 4),
        "found": round(float((sure[answerable] >= lowest("found")).mean()), 4),
        "none": round(float((sure[answerable] < lowest("weak")).mean()), 4),
        "false found": round(float((sure[~answerable] >= lowest("found")).mean()), 4),
    }


def mean_reciprocal(ranks: list[int]) -> float:
    """RR@10."""
    return round(float(np.mean([1 / rank if 1 <= rank <= 10 else 0.0 for rank in ranks])), 4)


if __name__ == "__main__":
    main()
