"""
`trichdan eval`: evaluate one question set and print the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from embeddings import LoadOptions, load_encoder
from embeddings.bundled.weights import default_cache_dir
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import QuestionSetError
from retrieval.evaluation.evaluator import SetReport, evaluate
from retrieval.evaluation.mode import Mode
from retrieval.evaluation.questions import read_beir_corpus, read_beir_questions, read_question_file
from retrieval.index.address import IndexAddress
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from retrieval.terminal.progress_bars import ProgressBars


def run_eval(
    path: Path,
    index: IndexAddress,
    model: str | None,
    work: Path,
    *,
    cache_in_work: bool,
    mode: Mode = "full",
    options: LoadOptions = DEFAULT_OPTIONS,
    dimensions: int | None = None,
) -> SetReport:
    """
    Evaluate one set.

    A BEIR folder is indexed in `work`; its vectors are cached there if `cache_in_work`, else in the user's cache
    folder.
    """
    with ProgressBars() as bars:
        if path.is_dir():
            questions = read_beir_questions(path)
            encoder = load_encoder(model, options=options, dimensions=dimensions)
            open_place(work).build(
                read_beir_corpus(path),
                encoder,
                root=None,
                model=model,
                progress=bars,
                cache=None if cache_in_work else default_cache_dir() / "eval-embeddings.sqlite",
            )
            retriever = Retriever(work, encoder)
        elif path.is_file():
            questions = read_question_file(path)
            retriever = Retriever(index, options=options)
        else:
            raise QuestionSetError(
                f"a question set is a BEIR folder or a .jsonl file, {path} is neither: correct the path"
            )
        bars.start("Asking", len(questions))
        return evaluate(retriever, questions, mode=mode, progress=bars.advance)


def show_report(console: Console, report: SetReport) -> None:
    """Print the measures and the share of questions in each state."""
    measures = Table(show_edge=False)
    for name in report.measures:
        measures.add_column(name, justify="right")
    measures.add_column("questions", justify="right")
    measures.add_row(*(f"{value:.4f}" for value in report.measures.values()), str(report.queries))
    console.print(measures)
    for kind, shares in report.states.items():
        console.print(f"{kind}: " + ", ".join(f"{state} {share:.1%}" for state, share in shares.items()))
    if report.highlight is not None:
        console.print(f"highlights that hold an answer, of right passages: {report.highlight:.1%}")
    if report.spans is not None:
        shown, exact, f1 = report.spans.shown, report.spans.exact, report.spans.f1
        console.print(f"answers set apart: {shown:.1%} of the questions; of these exact {exact:.1%}, F1 {f1:.1%}")
    console.print("milliseconds a question: " + ", ".join(f"{k} {v}" for k, v in report.milliseconds.items()))


def failure_lines(report: SetReport) -> Iterator[str]:
    """A line for each question not answered first, or wrongly found."""
    for outcome in report.outcomes:
        question, hits = outcome.question, outcome.answer.hits
        if question.gold and outcome.rank != 1:
            place = f"rank {outcome.rank}" if outcome.rank else "not in the first 10"
            first = hits[0].quote.passage_id if hits else "nothing"
            yield f"{question.question_id}: {place}, first is {first}: {question.text}"
        if not question.gold and outcome.answer.state == "found":
            yield f"{question.question_id}: unanswerable, yet found: {question.text}"
