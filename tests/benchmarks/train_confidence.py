"""
Learn the confidence model from questions whose answers are there and from questions whose answers are gone.

    .venv/bin/python -m tests.benchmarks.train_confidence NEAR --work DIR

NEAR is what `near_topic_sets` makes. Each corpus, from which half of the answering records are gone, is asked all of
its own questions and some of the others'. A question counts as answered when one of the first three passages is right.
Writes `retrieval/ranking/confidence.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from embeddings import Encoder, load_encoder
from retrieval.evaluation.mode import strip_diacritics
from retrieval.evaluation.questions import EvalQuestion, read_beir_corpus, read_beir_questions, read_question_file
from retrieval.index.opening import open_place
from retrieval.ranking.confidence import NAMES, SHOWN_PASSAGES, confidence_features
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.support.silent_progress import SilentProgress

MODEL = Path(__file__).parents[2] / "retrieval" / "ranking" / "confidence.json"
SETS = ("viquad-dev-removed", "mlqa-vi-removed", "alqac-removed", "alqac-headless-removed")
OTHERS = 100  # questions of each other set; every third question is asked bare
ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "tests" / "english-dev.jsonl"  # questions on the seeds, half of them without an answer there
REGULARISED = 0.1  # scikit-learn's C: a model that follows three sets less closely does better on a fourth
# "Found" from where it is likelier right than not, "weak" from where so few answerable questions are
# left that saying nothing of them is right.
FOUND = 0.5
MISSED = 0.03  # of the answerable questions, by the models that have not seen their corpus


@dataclass(frozen=True, slots=True)
class Examples:
    """
    One corpus: features (n, len(NAMES)) and three facts of each question (n,).

    Whether the first three answer, whether any passage could, and whether it is one of the corpus's own questions.
    """

    confidence_features: NDArray[np.float64]
    answered: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    own: NDArray[np.bool_]


def main() -> None:
    """Collects, validates, fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    encoder = load_encoder()
    questions = {name: read_beir_questions(arguments.folder / name) for name in SETS}
    corpora = {name: collect(name, questions, arguments.folder, arguments.work / name, encoder) for name in SETS}
    validation: dict[str, object] = {}
    unseen = []
    for name, held_out in corpora.items():
        intercept, weights = fit([examples for other, examples in corpora.items() if family(other) != family(name)])
        unseen.append(intercept + held_out.confidence_features @ weights)
        validation[name] = judge(held_out, unseen[-1])
    answerable = np.concatenate([examples.answerable for examples in corpora.values()])
    validation["AUC answerable of all together"] = round(float(roc_auc_score(answerable, np.concatenate(unseen))), 4)
    intercept, weights = fit(list(corpora.values()))
    found = 1 / (1 + np.exp(-np.concatenate(unseen)))
    own = np.concatenate([examples.own for examples in corpora.values()])
    answered = np.concatenate([examples.answered for examples in corpora.values()])
    validation["from which confidence: found of answerable, of near-topic unanswerable; right of found"] = {
        str(least): [
            round(float(share), 3)
            for chosen in [found >= least]
            for share in (chosen[answerable].mean(), chosen[own & ~answerable].mean(), answered[own & chosen].mean())
        ]
        for least in (0.4, FOUND, 0.6, 0.7, 0.8)
    }
    report = {
        "model": "logistic regression over retrieval.ranking.confidence.ConfidenceFeatures",
        "command": "python -m tests.benchmarks.train_confidence NEAR --work DIR",
        "same language": {
            "intercept": round(intercept, 4),
            "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        },
        "foreign": foreign(arguments.work / "seeds"),
        "found": FOUND,
        "weak": round(float(np.quantile(found[answerable], MISSED)), 3),
        "each corpus by a model learned from the others": validation,
    }
    MODEL.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def collect(
    name: str, questions: dict[str, list[EvalQuestion]], folder: Path, work: Path, encoder: Encoder
) -> Examples:
    """Asks a corpus its own questions and the others'."""
    open_place(work).build(read_beir_corpus(folder / name), encoder, root=None, model=None, progress=SilentProgress())
    retriever = Retriever(work, encoder)
    rows, answered, answerable, own = [], [], [], []
    for owner, asked in questions.items():
        if owner != name and family(owner) == family(name):
            continue
        order = np.random.default_rng(0).permutation(len(asked))
        for number, place in enumerate(order if owner == name else order[:OTHERS]):
            question = asked[place]
            ranking = retriever.rank(strip_diacritics(question.text) if number % 3 == 0 else question.text)
            gold = {item.source for item in question.gold} if owner == name else set()
            shown = {ranked.candidate.passage.doc_id for ranked in ranking.places[:SHOWN_PASSAGES]}
            rows.append(confidence_features(ranking.places, ranking.covered, ranking.query.text).values())
            answered.append(bool(shown & gold))
            answerable.append(bool(gold))
            own.append(owner == name)
    sys.stderr.write(f"{name}: {len(rows)} questions\n")
    return Examples(np.array(rows), np.array(answered), np.array(answerable), np.array(own))


def family(name: str) -> str:
    """The set that a set was made from: the articles without headings are the same articles."""
    return name.removesuffix("-removed").removesuffix("-headless")


def foreign(work: Path) -> dict[str, object]:
    """The model for questions in English, from our own few on the seeds, with its leave-one-out figure."""
    encoder = load_encoder()
    corpus = walk([ROOT / "seeds"])
    open_place(work).build(corpus, encoder, root=corpus.root, model=None, progress=SilentProgress())
    retriever = Retriever(work, encoder)
    rows, answered = [], []
    for question in read_question_file(ENGLISH):
        ranking = retriever.rank(question.text)
        rows.append(confidence_features(ranking.places, ranking.covered, ranking.query.text).values())
        answered.append(bool(question.gold))
    features, labels = np.array(rows), np.array(answered)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    left_out = cross_val_predict(model, features, labels, cv=LeaveOneOut(), method="predict_proba")[:, 1]
    scaler, logistic = model.fit(features, labels).named_steps.values()
    weights = logistic.coef_[0] / scaler.scale_
    return {
        "intercept": round(float(logistic.intercept_[0] - weights @ scaler.mean_), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        "questions": len(labels),
        "AUC answerable, each question left out in turn": round(float(roc_auc_score(labels, left_out)), 4),
    }


def fit(corpora: list[Examples]) -> tuple[float, NDArray[np.float64]]:
    """Intercept and weights (len(NAMES),) for the signs as they are."""
    rows = np.concatenate([examples.confidence_features for examples in corpora])
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=REGULARISED).fit(
        scaler.transform(rows), np.concatenate([examples.answered for examples in corpora])
    )
    weights = model.coef_[0] / scaler.scale_
    return float(model.intercept_[0] - weights @ scaler.mean_), weights


def judge(examples: Examples, logits: NDArray[np.float64]) -> dict[str, object]:
    """The area under the ROC curve, and by fifths of the confidence how often it was right."""
    odds = 1 / (1 + np.exp(-logits))
    fifths = np.clip((odds * 5).astype(int), 0, 4)
    return {
        "AUC answerable": round(float(roc_auc_score(examples.answerable, odds)), 4),
        "AUC answered": round(float(roc_auc_score(examples.answered, odds)), 4),
        "mean confidence and share answered by fifths": [
            [round(float(odds[fifths == n].mean()), 2), round(float(examples.answered[fifths == n].mean()), 2)]
            for n in range(5)
            if (fifths == n).any()
        ],
    }


if __name__ == "__main__":
    main()
