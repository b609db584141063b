"""
Evaluate every set of a folder, in every mode, on its own corpus.

Each corpus is also asked questions of the other sets, which it cannot answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings import Encoder, LoadOptions, load_encoder
from embeddings.bundled.weights import default_cache_dir
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import RetrievalError
from retrieval.evaluation.evaluator import EvaluatedQuestion, evaluate, result_of
from retrieval.evaluation.failure import failure_of
from retrieval.evaluation.highlight_shares import highlight_shares
from retrieval.evaluation.mode import MODES, Mode
from retrieval.evaluation.question_set import QuestionSet, read_sets, spread
from retrieval.evaluation.questions import EvalQuestion
from retrieval.evaluation.result import Result
from retrieval.evaluation.set_metrics import SetMetrics, compute_set_metrics, stage_percentiles
from retrieval.index.address import IndexAddress
from retrieval.index.build.progress import Progress
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class SuitePlan:
    """What to measure, and where."""

    folder: Path  # of question sets
    index: IndexAddress  # the current index, for sets without their own corpus
    work: Path  # holds one index folder per set
    cache_in_work: bool  # whether vectors are cached in `work`, else in the user's cache folder
    model: str | None = None
    dimensions: int | None = None
    options: LoadOptions = DEFAULT_OPTIONS
    limit: int | None = None  # questions of each set, and borrowed from each other set; evenly spaced


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """
    The results of a suite.

    `refused` gives the reason for each set that could not be measured.
    """

    metrics: tuple[SetMetrics, ...]
    results: tuple[Result, ...]
    refused: dict[str, str]


def run_suite(plan: SuitePlan, encoder: Encoder, progress: Progress) -> SuiteResult:
    """
    Measure every set that can be read.

    Raises:
        QuestionSetError: the folder holds no set.
    """
    sets, refused = read_sets(plan.folder)
    metrics: list[SetMetrics] = []
    results: list[Result] = []
    for one in sets:
        try:
            runs = _measure_set(one, sets, plan, encoder, progress)
        except RetrievalError as error:
            refused[one.name] = str(error)
            continue
        metrics += [found for found, _ in runs]
        results += [result for _, found in runs for result in found]
    return SuiteResult(tuple(metrics), tuple(results), refused)


def suite_questions(one: QuestionSet, sets: Sequence[QuestionSet], limit: int | None) -> list[EvalQuestion]:
    """The set's own questions, then unanswerable ones from the other sets."""
    own = list(one.questions) if limit is None else spread(one.questions, limit)
    return own + [question for other in sets for question in one.unanswerable_from(other)[:limit]]


def _measure_set(
    one: QuestionSet, sets: Sequence[QuestionSet], plan: SuitePlan, encoder: Encoder, progress: Progress
) -> list[tuple[SetMetrics, list[Result]]]:
    retriever, encoder, cache = _open_retriever(one, plan, encoder, progress)
    retriever.warm_up()  # keeps opening the index out of the measured times
    questions = suite_questions(one, sets, plan.limit)
    runs = []
    for mode in MODES:
        progress.start(f"Asking {one.name}, {mode}", len(questions))
        outcomes = evaluate(retriever, questions, mode=mode, progress=progress.advance).outcomes
        results = [_result_of(one, mode, outcome, retriever) for outcome in outcomes]
        found = compute_set_metrics(
            results,
            fingerprint=encoder.fingerprint,
            milliseconds=stage_percentiles(outcomes),
            highlights=highlight_shares(outcomes, encoder, cache),
        )
        runs.append((found, results))
    return runs


def _open_retriever(
    one: QuestionSet, plan: SuitePlan, encoder: Encoder, progress: Progress
) -> tuple[Retriever, Encoder, Path]:
    """Open a retriever for the set, with its encoder and embedding cache file."""
    work = plan.work / one.name
    cache = work / "embeddings.sqlite" if plan.cache_in_work else default_cache_dir() / "eval-embeddings.sqlite"
    if one.documents is not None:
        open_place(work).build(one.documents, encoder, root=None, model=plan.model, progress=progress, cache=cache)
        return Retriever(work, encoder), encoder, cache
    manifest = Retriever(plan.index).manifest()
    if manifest.fingerprint != encoder.fingerprint:
        encoder = load_encoder(
            manifest.model, options=plan.options, precision=manifest.precision, dimensions=manifest.dimensions
        )
    return Retriever(plan.index, encoder), encoder, cache


def _result_of(one: QuestionSet, mode: Mode, outcome: EvaluatedQuestion, retriever: Retriever) -> Result:
    answer, question = outcome.answer, outcome.question

    def is_candidate() -> bool:
        sources = {record.doc_id: record.source for record in retriever.documents()}
        passages = [candidate.passage for candidate in retriever.rank(answer.question).candidates]
        return any(gold.holds(sources[p.doc_id], p.text) for gold in question.gold for p in passages)

    failure = failure_of(outcome.judgement, answer.state, is_candidate)
    return result_of(outcome, set_name=one.name, mode=mode, failure=failure)
