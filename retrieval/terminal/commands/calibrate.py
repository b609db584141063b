"""
`trichdan calibrate`: learn an index's own weights and confidence from marked questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import QuestionError, QuestionSetError
from retrieval.evaluation.calibrating.calibrate import LEAST_QUESTIONS, Learned, learn
from retrieval.evaluation.calibrating.comparison import Figures, figures
from retrieval.evaluation.calibrating.example import collect
from retrieval.evaluation.questions import read_question_file
from retrieval.index.place import Place
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold
from retrieval.question.courtesy import without_courtesies
from retrieval.question.understanding import normalize_question
from retrieval.ranking.learned.calibration import shipped_calibration
from retrieval.ranking.learned.stored_calibrations import (
    StoredCalibration,
    read_calibrations,
    remove_calibration,
    write_calibration,
)
from retrieval.retriever import Retriever
from retrieval.terminal.progress_bars import ProgressBars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from embeddings import LoadOptions
    from retrieval.evaluation.questions import EvalQuestion


_UNSURE = " Until a confidence is learned for this model, its answers stay at most unsure."
_STANDING = (
    "what was learned before ({day}) stays in use; `trichdan calibrate --undo` goes back to the shipped numbers."
)


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """What was learned, beside the shipped calibration."""

    questions: int
    answerable: int  # questions with a right passage among the candidates
    learned: Learned
    shipped: Figures
    kept: Figures  # by calibrations that were learned without the question
    standing: str = ""  # the day of an earlier calibration, which stays where nothing new is better
    is_unsure: bool = False  # whether answers stay at most unsure, since the shipped confidence does not hold

    def to_json(self) -> dict[str, Any]:
        """The contract of `trichdan calibrate --json`, and what the index keeps."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "order": "new" if self.learned.is_order_new else "shipped",
            "confidence": "new" if self.learned.is_confidence_new else "shipped",
            "shipped figures": self.shipped.to_json(),
            "figures": self.kept.to_json(),
        }


def run_calibrate(place: Place, questions: Path, *, options: LoadOptions = DEFAULT_OPTIONS) -> CalibrationReport:
    """
    Learn from a question file, and keep with the index what is better.

    Raises:
        QuestionSetError: there are too few questions, or none with its right passage among the candidates.
    """
    marked = _distinct(read_question_file(questions), questions)
    if len(marked) < LEAST_QUESTIONS:
        raise QuestionSetError(
            f"a calibration takes {LEAST_QUESTIONS} different marked questions or more, {questions} holds "
            f"{len(marked)}: mark more of them, in the REPL with :right and :none"
        )
    retriever = Retriever(place, options=options)
    with ProgressBars() as bars:
        bars.start("Asking", len(marked))
        examples = collect(retriever, marked, bars.advance)
        answerable = {example.question for example in examples if example.answerable}
        if not answerable:
            raise QuestionSetError(
                f"a calibration learns from right passages, no candidate of a question in {questions} is one: check "
                "that the file is about the documents of this index"
            )
        learned = learn(examples, shipped_calibration())
    report = CalibrationReport(
        questions=len({example.question for example in examples}),
        answerable=len(answerable),
        learned=learned,
        shipped=figures(learned.before),
        kept=figures(learned.after),
        standing=_standing(place, retriever),
        is_unsure=not (learned.is_confidence_new or all(example.scale.holds for example in examples)),
    )
    if learned.is_new:
        about = {**report.to_json(), "made": datetime.now(UTC).isoformat(timespec="seconds"), "file": questions.name}
        fingerprint = retriever.manifest().fingerprint
        write_calibration(place, StoredCalibration(learned.calibration, fingerprint, about), retriever.runs_model_of)
    return report


def run_undo(place: Place) -> bool:
    """
    Go back to the shipped calibration; whether there was another one for the live model.

    Raises:
        MissingIndex: there is no index.
    """
    return remove_calibration(place, place.manifest().fingerprint)


def _distinct(marked: Sequence[EvalQuestion], path: Path) -> list[EvalQuestion]:
    """
    The questions that differ in more than courtesies, capitals, punctuation and diacritics.

    A copy would stand on both sides of a fold, and be learned by heart.
    """
    found: dict[tuple[str, ...], EvalQuestion] = {}
    for question in marked:
        try:
            text = without_courtesies(normalize_question(question.text))
        except QuestionError as error:
            raise QuestionSetError(f"{question.question_id} of {path} cannot be asked: {error}") from None
        found.setdefault(tuple(WORD.findall(fold(text))), question)
    return list(found.values())


def _standing(place: Place, retriever: Retriever) -> str:
    """The day of the calibration that is in use."""
    own = (each for each in read_calibrations(place) if retriever.runs_model_of(each.fingerprint))
    return next((str(each.report.get("made", "day unknown")) for each in own), "")


def show_calibration(console: Console, report: CalibrationReport) -> None:
    """Print both calibrations side by side, the curve of their confidence, and what is kept."""
    console.print(
        f"{report.questions} marked questions, {report.answerable} with a right passage among the candidates; each is "
        "judged by what was learned from the others, with and without its right passages, full and bare"
    )
    console.print(_figures_table(report))
    console.print(_curve_table(report))
    console.print(_verdict(report))


def _figures_table(report: CalibrationReport) -> Table:
    table = Table("", show_edge=False)
    table.add_column("shipped", justify="right")
    table.add_column("learned", justify="right")
    rows = {
        "RR@10, full": (report.shipped.reciprocal_rank, report.kept.reciprocal_rank),
        "RR@10, bare": (report.shipped.bare_reciprocal_rank, report.kept.bare_reciprocal_rank),
        "confidence: mean log loss": (report.shipped.loss, report.kept.loss),
        "confidence: calibration error": (report.shipped.error, report.kept.error),
        "confidence: area under ROC": (report.shipped.area, report.kept.area),
        "answerable: found": (report.shipped.found, report.kept.found),
        "answerable: none": (report.shipped.none, report.kept.none),
        "unanswerable: found": (report.shipped.false_found, report.kept.false_found),
    }
    for name, values in rows.items():
        table.add_row(name, *("–" if value is None else f"{value:.3f}" for value in values))
    return table


def _curve_table(report: CalibrationReport) -> Table:
    """The reliability curve: of each step of the confidence, how much was answered."""
    table = Table("confidence", show_edge=False)
    for name in ("shipped: answered", "questions", "learned: answered", "questions"):
        table.add_column(name, justify="right")
    shipped, kept = ({b.low: b for b in figures.bins} for figures in (report.shipped, report.kept))
    for low in sorted(shipped.keys() | kept.keys()):
        cells = []
        for bins in (shipped, kept):
            found = bins.get(low)
            cells += [f"{found.answered:.0%}", str(found.questions)] if found else ["", ""]
        table.add_row(f"{low:.0%}–{low + 0.1:.0%}", *cells)
    return table


def _verdict(report: CalibrationReport) -> str:
    learned, unsure = report.learned, _UNSURE if report.is_unsure else ""
    if not learned.is_new:
        stays = _STANDING.format(day=report.standing) if report.standing else "nothing is changed."
        return f"Nothing learned is better than the shipped numbers by more than chance: {stays}{unsure}"
    parts = [
        name for name, is_new in (("order", learned.is_order_new), ("confidence", learned.is_confidence_new)) if is_new
    ]
    return (
        f"Better than the shipped numbers by more than chance, and kept with the index: the {' and the '.join(parts)}. "
        f"Undo it with `trichdan calibrate --undo`.{unsure}"
    )
