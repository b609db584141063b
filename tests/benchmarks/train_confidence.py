"""
Learn the confidence model from questions whose answers are there and from questions whose answers are gone.

    .venv/bin/python -m tests.benchmarks.train_confidence SETS NEAR --work DIR

NEAR is what `near_topic_sets` makes of SETS. Each corpus, from which half of the answering records are gone, is asked
all of its own questions and some of the others'. A question counts as answered when one of the first three passages is
right. How much the cross-encoder's judgement weighs is learned from the questions that it was not trained on.
Writes `retrieval/ranking/confidence.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from embeddings import CrossEncoder, Encoder, load_cross_encoder, load_encoder
from retrieval.evaluation.mode import half_typed, strip_diacritics
from retrieval.evaluation.questions import EvalQuestion, read_beir_corpus, read_beir_questions, read_question_file
from retrieval.index.opening import open_place
from retrieval.ranking.answerability.answerability import answer_log_odds
from retrieval.ranking.confidence import NAMES, SHOWN_PASSAGES, LogLinear, confidence_features, judged_log_odds
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.benchmarks.cross_encoder.pairs import DevelopmentSet
from tests.support.silent_progress import SilentProgress

MODEL = Path(__file__).parents[2] / "retrieval" / "ranking" / "confidence.json"
SETS = ("viquad-dev-removed", "mlqa-vi-removed", "alqac-removed", "alqac-headless-removed")
IMPOSSIBLE = "impossible"  # questions written to look answerable, beside answerable ones
OTHERS = 100  # questions of each other set
MODES = (strip_diacritics, half_typed, str, str, str, str)  # how questions are typed, one after the other
ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "tests" / "english-dev.jsonl"  # questions on the seeds, half of them without an answer there
REGULARISED = 0.1  # scikit-learn's C: a model that follows three sets less closely does better on a fourth
# "Found" from where so large a share is right, of the corpora's own questions; "weak" from where so few answerable
# questions are left that saying nothing of them is right. By the models that have not seen their corpus.
RIGHT = 0.9
IMPOSSIBLE_WEIGHT = 0.5  # of such a question beside one of the other sets: staff seldom ask them
MISSED = 0.03


@dataclass(frozen=True, slots=True)
class Examples:
    """
    One corpus: features (n, len(NAMES)), the cross-encoder's log odds (n,) and four facts of each question (n,).

    Whether the first three answer, whether any passage could, whether it is one of the corpus's own questions, and
    whether the cross-encoder was trained on it. The log odds are nan where it was.
    """

    confidence_features: NDArray[np.float64]
    judged: NDArray[np.float64]
    answered: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    own: NDArray[np.bool_]

    @property
    def unseen(self) -> Examples:
        """The questions that the cross-encoder was not trained on."""
        chosen = ~np.isnan(self.judged)
        return Examples(
            self.confidence_features[chosen],
            self.judged[chosen],
            self.answered[chosen],
            self.answerable[chosen],
            self.own[chosen],
        )

    def every_other(self, first: int) -> Examples:
        """Every second question, from the first or the second on."""
        return Examples(*(getattr(self, field.name)[first::2] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Models:
    """The logistic model over NAMES as intercept and weights, and the lines of `judged_log_odds`."""

    features: tuple[float, NDArray[np.float64]]
    lines: tuple[LogLinear, LogLinear]

    @classmethod
    def fit(cls, corpora: Sequence[Examples], impossible: Examples) -> Models:
        """Learned from these corpora, and the lines also from impossible questions."""
        features = _fit(
            np.concatenate([each.confidence_features for each in corpora]),
            np.concatenate([each.answered for each in corpora]),
        )
        unseen = [*(each.unseen for each in corpora), impossible]
        rows = np.concatenate([_judged_rows(features, each) for each in unseen])
        weights = np.concatenate([np.ones(len(each.judged)) for each in unseen])
        weights[-len(impossible.judged) :] = IMPOSSIBLE_WEIGHT
        return cls(features, _fit_lines(rows, np.concatenate([each.answered for each in unseen]), weights))

    def log_odds(self, examples: Examples) -> NDArray[np.float64]:
        """Without the cross-encoder, (n,)."""
        intercept, weights = self.features
        return np.asarray(intercept + examples.confidence_features @ weights)

    def judged_log_odds(self, examples: Examples) -> NDArray[np.float64]:
        """With it, (n,)."""
        return np.array([judged_log_odds(*row, *self.lines) for row in _judged_rows(self.features, examples)])


def main() -> None:
    """Collects, validates, fits and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("near", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    encoder, judge = load_encoder(), load_cross_encoder()
    questions = {name: read_beir_questions(arguments.near / name) for name in (*SETS, IMPOSSIBLE)}
    trained = dict.fromkeys((each.question_id for each in questions[IMPOSSIBLE]), False)
    trained |= {
        question.question_id: not one.judges(question)
        for name in dict.fromkeys(map(family, SETS))
        for one in [DevelopmentSet(arguments.sets / name)]
        for question in one.questions
    }
    corpora = {
        name: collect(name, questions, trained, arguments.near, arguments.work / name, encoder, judge)
        for name in (*SETS, IMPOSSIBLE)
    }
    impossible = corpora.pop(IMPOSSIBLE).unseen  # without those that look foreign, which are not judged
    learned, left_out = impossible.every_other(0), impossible.every_other(1)
    validation: dict[str, object] = {}
    without, with_judge = [], []
    for name, held_out in corpora.items():
        others = [examples for other, examples in corpora.items() if family(other) != family(name)]
        models = Models.fit(others, learned)
        without.append(models.log_odds(held_out.unseen))
        with_judge.append(models.judged_log_odds(held_out.unseen))
        validation[name] = {
            "without the cross-encoder": judge_log_odds(held_out.unseen, without[-1]),
            "with it": judge_log_odds(held_out.unseen, with_judge[-1]),
        }
    unseen = [examples.unseen for examples in corpora.values()]
    answerable, own, answered = (
        np.concatenate([getattr(examples, name) for examples in unseen]) for name in ("answerable", "own", "answered")
    )
    found = sigmoid(np.concatenate(with_judge))
    threshold = least_right(found[own], answered[own])
    for label, log_odds in (("without the cross-encoder", without), ("with it", with_judge)):
        odds = sigmoid(np.concatenate(log_odds))
        validation[f"all together, {label}"] = {
            "AUC answerable": round(float(roc_auc_score(answerable, odds)), 4),
            "AUC answerable, own questions": round(float(roc_auc_score(answerable[own], odds[own])), 4),
            "from which confidence: found of answerable, of near-topic unanswerable; right of found": {
                str(least): [
                    round(float(share), 3)
                    for chosen in [odds >= least]
                    for share in (
                        chosen[answerable].mean(),
                        chosen[own & ~answerable].mean(),
                        answered[own & chosen].mean(),
                    )
                ]
                for least in sorted({0.4, 0.5, 0.6, 0.7, 0.8, threshold})
            },
        }
    models = Models.fit(list(corpora.values()), learned)
    judged = models.judged_log_odds(left_out)
    validation["questions written to look answerable, left out"] = {
        label: {
            "AUC answerable": round(float(roc_auc_score(left_out.answerable, log_odds)), 4),
            "found of impossible, of answerable": [
                round(float((sigmoid(log_odds[chosen]) >= threshold).mean()), 3)
                for chosen in (~left_out.answerable, left_out.answerable)
            ],
        }
        for label, log_odds in (("without the cross-encoder", models.log_odds(left_out)), ("with it", judged))
    }
    models = Models.fit(list(corpora.values()), impossible)
    report = {
        "model": "logistic regression over retrieval.ranking.confidence.ConfidenceFeatures",
        "command": "python -m tests.benchmarks.train_confidence SETS NEAR --work DIR",
        "same language": _json(models.features, NAMES),
        "with the cross-encoder": {
            name: {"intercept": round(line.intercept, 4), "weight": round(line.weight, 4)}
            for name, line in zip(("topic", "answers"), models.lines, strict=True)
        },
        "foreign": foreign(arguments.work / "seeds"),
        "found": threshold,
        "weak": round(float(np.quantile(found[answerable], MISSED)), 3),
        "each corpus by a model learned from the others": validation,
    }
    MODEL.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


def collect(
    name: str,
    questions: dict[str, list[EvalQuestion]],
    trained: dict[str, bool],
    folder: Path,
    work: Path,
    encoder: Encoder,
    judge: CrossEncoder,
) -> Examples:
    """Asks a corpus its own questions and the others'."""
    open_place(work).build(
        read_beir_corpus(folder / name),
        encoder,
        root=None,
        model=None,
        progress=SilentProgress(),
        cache=work.parent / "embeddings.sqlite",  # the sets share most of their texts
    )
    retriever = Retriever(work, encoder)
    rows, judged, answered, answerable, own = [], [], [], [], []
    for owner, asked in questions.items():
        if owner != name and (family(owner) == family(name) or IMPOSSIBLE in (name, owner)):
            continue
        order = np.random.default_rng(0).permutation(len(asked))
        for number, place in enumerate(order if owner == name else order[:OTHERS]):
            question = asked[place]
            ranking = retriever.rank(MODES[number % len(MODES)](question.text))
            gold = {item.source for item in question.gold} if owner == name else set()
            first = [ranked.candidate.passage for ranked in ranking.places[:SHOWN_PASSAGES]]
            log_odds = None
            if not trained[question.question_id]:
                log_odds = answer_log_odds(judge, ranking.query, ranking.rarity, [passage.text for passage in first])
            rows.append(confidence_features(ranking.places, ranking.covered, ranking.query.text).values())
            judged.append(np.nan if log_odds is None else log_odds)
            answered.append(bool({passage.doc_id for passage in first} & gold))
            answerable.append(bool(gold))
            own.append(owner == name)
    sys.stderr.write(f"{name}: {len(rows)} questions\n")
    return Examples(np.array(rows), np.array(judged), np.array(answered), np.array(answerable), np.array(own))


def least_right(odds: NDArray[np.float64], answered: NDArray[np.bool_]) -> float:
    """The lowest threshold, in hundredths, from which a share of RIGHT is right, and so above it."""
    for least in range(99, 0, -1):
        chosen = odds >= least / 100
        if chosen.any() and answered[chosen].mean() < RIGHT:
            return (least + 1) / 100
    return 0.01


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


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


def _judged_rows(features: tuple[float, NDArray[np.float64]], examples: Examples) -> NDArray[np.float64]:
    """The log odds without the cross-encoder, and its own, (n, 2)."""
    intercept, weights = features
    return np.stack([intercept + examples.confidence_features @ weights, examples.judged], axis=1)


def _fit(rows: NDArray[np.float64], answered: NDArray[np.bool_]) -> tuple[float, NDArray[np.float64]]:
    """Intercept and weights for the features as they are."""
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=REGULARISED).fit(scaler.transform(rows), answered)
    weights = model.coef_[0] / scaler.scale_
    return float(model.intercept_[0] - weights @ scaler.mean_), weights


def _fit_lines(
    rows: NDArray[np.float64], answered: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[LogLinear, LogLinear]:
    """The likeliest lines for a product of two probabilities; their weights stay positive."""

    def loss(numbers: NDArray[np.float64]) -> float:
        lines = np.array([numbers[[0, 2]], np.exp(numbers[[1, 3]])])
        both = sigmoid(lines[0] + lines[1] * rows).prod(axis=1).clip(1e-6, 1 - 1e-6)
        losses = -np.where(answered, np.log(both), np.log(1 - both))
        return float((weights * losses).sum() / weights.sum() + 0.001 * (numbers**2).sum())

    found = minimize(loss, np.array([0.5, 0.0, 1.0, -0.5]), method="Nelder-Mead", options={"maxiter": 4000}).x
    first, second = (LogLinear(float(found[at]), float(np.exp(found[at + 1]))) for at in (0, 2))
    return first, second


def _json(model: tuple[float, NDArray[np.float64]], names: Sequence[str]) -> dict[str, object]:
    intercept, weights = model
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
    }


def judge_log_odds(examples: Examples, logits: NDArray[np.float64]) -> dict[str, object]:
    """The area under the ROC curve, and by fifths of the confidence how often it was right."""
    odds = sigmoid(logits)
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
