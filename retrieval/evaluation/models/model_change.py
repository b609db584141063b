"""
An index's change to another model, judged by marked questions.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embeddings import EmbeddingError, Encoder, LoadOptions
from retrieval.errors import IndexFault, RetrievalError
from retrieval.evaluation.comparison import Change, Comparison, compare
from retrieval.evaluation.evaluator import EvaluatedQuestion, evaluate, result_of
from retrieval.index.index_model import IndexModel, model_of
from retrieval.index.manifest import fit_to_index
from retrieval.index.place import Place
from retrieval.index.scoring.model_scale import model_scale
from retrieval.ranking.learned.stored_calibrations import read_calibrations
from retrieval.retriever import Retriever

if TYPE_CHECKING:
    from retrieval.evaluation.questions import EvalQuestion
    from retrieval.evaluation.result import Result
    from retrieval.index.build.progress import Progress

_SET = "marked"
_ALL_CHANGED = "the documents near every marked question have changed: index them first, with the model as it is"


@dataclass(frozen=True, slots=True)
class ModelChange:
    """
    What a new model changes.

    `reason` says why nothing was compared, "" when it was. `loses_calibration`: what `trichdan calibrate` learned holds
    for the model before only. `is_unsure`: the new model answers at most unsurely until it is calibrated, so that its
    states are not compared.
    """

    before: str  # the models, in words
    after: str
    questions: int  # that were compared
    comparison: Comparison | None
    reason: str = ""
    changed: int = 0  # questions that were not compared, since documents near their answers have changed
    loses_calibration: bool = False
    is_unsure: bool = False

    @property
    def better(self) -> tuple[Change, ...]:
        """The questions that are answered better."""
        return self._that_count(self.comparison.better if self.comparison else ())

    @property
    def worse(self) -> tuple[Change, ...]:
        """The questions that are answered worse."""
        return self._that_count(self.comparison.worse if self.comparison else ())

    def _that_count(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """All; only those of another rank where states mean nothing yet."""
        return tuple(each for each in changes if not self.is_unsure or each.before.rank != each.after.rank)

    @property
    def is_worse(self) -> bool:
        """Whether more questions got worse than better."""
        return len(self.worse) > len(self.better)

    def to_json(self) -> dict[str, object]:
        """The value of "model_change" in `trichdan index --json`."""
        return {
            "before": self.before,
            "after": self.after,
            "questions": self.questions,
            "changed": self.changed,
            "reason": self.reason,
            "loses_calibration": self.loses_calibration,
            "is_unsure": self.is_unsure,
            "comparison": self.comparison.to_json() if self.comparison else None,
        }


class ModelTrial:
    """
    The live index beside a new generation, whose model may be another.

    Where another one is named, the live index is asked at once and its model let go: the two are never in memory
    together.

    Args:
        model: the new one, as a manifest names it.
        questions: reads the marked questions, which only another model is asked.
        options: how the live index's model is run.

    Raises:
        MissingIndex, DamagedIndex: there is no live index.
        QuestionSetError: the questions cannot be read.
    """

    def __init__(
        self,
        place: Place,
        model: IndexModel,
        questions: Callable[[], Sequence[EvalQuestion]],
        *,
        options: LoadOptions,
        progress: Progress,
    ) -> None:
        self._place, self._live = place, place.live()
        self._before, self._after = model_of(place.origin(self._live)), model
        self._calibrated = [each.fingerprint for each in read_calibrations(place)]
        self._questions = questions() if self._names_another else ()
        self._results, self._reason = self._ask_live(options, progress)

    def compare(self, encoder: Encoder, generation: Retriever, progress: Progress) -> ModelChange | None:
        """Ask the new generation too; None when its model is the live one's."""
        if self._is_same(encoder):
            return None
        comparison = None
        if not self._reason:
            after = _results(_ask(generation, self._questions, "Asking the new index", progress))
            comparison = compare(self._results, after, name=str(self._before))
        names = str(self._before), str(self._after)
        compared = len(self._results)
        changed = len(self._questions) - compared if comparison else 0
        background = generation.manifest().background
        own = any(map(encoder.is_model_of, self._calibrated))
        loses = bool(self._calibrated) and not own
        is_unsure = not own and not model_scale(background, background or ()).holds
        return ModelChange(*names, compared, comparison, self._reason, changed, loses, is_unsure)

    @property
    def _names_another(self) -> bool:
        return self._before != self._after

    def _ask_live(self, options: LoadOptions, progress: Progress) -> tuple[list[Result], str]:
        """The results of the live index, or why there are none."""
        if not self._names_another:
            return [], "its files, or how this version encodes, have changed: nothing can ask the live index any more"
        if not self._questions:
            return [], "no question is marked: mark answers with `:right` and `:none` in `trichdan repl`"
        try:
            outcomes = _ask(Retriever(self._place, options=options), self._questions, "Asking the live index", progress)
        except (RetrievalError, EmbeddingError) as error:
            return [], f"the live index cannot be asked: {error}"
        else:
            # Quotes from files that have changed since are left out, which says nothing of the model.
            found = _results(outcome for outcome in outcomes if not outcome.answer.notices)
            return found, "" if found else _ALL_CHANGED
        finally:
            gc.collect()  # encoders hold themselves, by the methods that their batches call

    def _is_same(self, encoder: Encoder) -> bool:
        try:
            manifest = self._place.manifest(self._live)
            return fit_to_index(encoder, manifest).mixes_with(manifest.token_fingerprint)
        except IndexFault:  # of another format, for instance
            return not self._names_another


def _ask(
    retriever: Retriever, questions: Sequence[EvalQuestion], step: str, progress: Progress
) -> tuple[EvaluatedQuestion, ...]:
    progress.start(step, len(questions))
    return evaluate(retriever, questions, mode="full", progress=progress.advance).outcomes


def _results(outcomes: Iterable[EvaluatedQuestion]) -> list[Result]:
    return [result_of(outcome, set_name=_SET, mode="full", failure=None) for outcome in outcomes]
